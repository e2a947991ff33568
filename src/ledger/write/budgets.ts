import { budgetName, Fault, formatUsd, type Nano } from '../../kit/index.js'
import type { Db } from '../database/native.js'
import type { Reservation } from '../types.js'

export interface BudgetRow {
  readonly scope: string
  readonly spent: Nano
  readonly reserved: Nano
}

/** Money per scope: an upper bound is reserved before a call and replaced by the real cost afterwards. Call inside a transaction. */
export function prepareBudgets(db: Db) {
  const select = db.prepare<[string], BudgetRow>('SELECT scope, spent, reserved FROM budget WHERE scope = ?')
  const add = db.prepare(
    `INSERT INTO budget(scope, spent, reserved) VALUES (?, ?, ?)
     ON CONFLICT(scope) DO UPDATE SET spent = spent + excluded.spent, reserved = reserved + excluded.reserved`,
  )
  const hold = db.prepare('INSERT INTO reservation(call, scope, amount) VALUES (?, ?, ?)')
  const held = db.prepare<[number], { scope: string; amount: Nano }>('SELECT scope, amount FROM reservation WHERE call = ?')
  const release = db.prepare('DELETE FROM reservation WHERE call = ?')

  return {
    /** Throws E_BUDGET when a reservation with a limit would pass it. */
    reserve(call: number, reservations: readonly Reservation[]) {
      for (const { scope, amount, limit } of reservations) {
        if (limit !== undefined) refuseBeyond(scope, amount, limit, select.get(scope))
        hold.run(call, scope, amount)
        add.run(scope, 0, amount)
      }
    },
    /** Releases the call's reservation and charges each of its scopes. `null` charges the reserved bound: it may have been billed. */
    settle(call: number, cost: Nano | null) {
      const reservations = held.all(call)
      if (reservations.length === 0) return
      for (const { scope, amount } of reservations) add.run(scope, cost ?? amount, -amount)
      release.run(call)
    },
    of: (scopes: readonly string[]) => scopes.map((scope): BudgetRow => select.get(scope) ?? { scope, spent: 0, reserved: 0 }),
  }
}

function refuseBeyond(scope: string, amount: Nano, limit: Nano, row: BudgetRow | undefined): void {
  const taken = (row?.spent ?? 0) + (row?.reserved ?? 0)
  if (taken + amount <= limit) return
  throw new Fault('E_BUDGET', `${budgetName(scope)} has ${formatUsd(limit - taken)} left and this call may cost ${formatUsd(amount)}`, {
    hint: 'Lower the output limit, choose a cheaper profile, or wait until the budget starts anew.',
    param: scope,
    final: true,
  })
}
