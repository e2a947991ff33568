import type { Nano } from '../kit/index.js'
import type { StatePort } from './router-ports.js'

/**
 * A state whose budgets also account for money reserved for questions under way. Questions are asked before their call has a row to reserve
 * with; without this, parallel calls could together overspend a budget. The money is deducted from the limit, which is recorded as it was
 * read, and not added to the reservations, which a replay rebuilds from rows.
 */
export function holdMoney(state: Omit<StatePort, 'hold'>): StatePort {
  const held = new Map<string, Nano>()
  const add = (scope: string, amount: Nano): void => {
    const sum = (held.get(scope) ?? 0) + amount
    if (sum === 0) held.delete(scope)
    else held.set(scope, sum)
  }
  return {
    fold: state.fold,
    read(query) {
      const plain = state.read(query)
      if (held.size === 0 || plain.budgets.length === 0) return plain
      return { ...plain, budgets: plain.budgets.map((b) => ({ ...b, limit: b.limit - (held.get(b.scope) ?? 0) })) }
    },
    hold(budgets, amount) {
      for (const { scope } of budgets) add(scope, amount)
      return () => {
        for (const { scope } of budgets) add(scope, -amount)
      }
    },
  }
}
