import { entry, type Nano } from '../../kit/index.js'
import type { BudgetSum, State } from './state.js'

/**
 * Name of a budget for the period that `atMs` falls into, local time: `key:k1@2026-11-21`, `total@2026-11`, `session:s1`.
 * The period is part of the name, so a new one starts from nothing without anyone resetting it.
 */
export function budgetScope(
  kind: 'key' | 'profile' | 'session' | 'total',
  id: string | null,
  window: 'day' | 'month' | 'total',
  atMs: number,
  tzMin: number,
): string {
  const name = id === null ? kind : `${kind}:${id}`
  if (window === 'total') return name
  const local = new Date(atMs + tzMin * 60_000).toISOString()
  return `${name}@${local.slice(0, window === 'day' ? 10 : 7)}`
}

/** Whether a scope belongs to a period, and so is of no use after it. */
export function hasPeriod(scope: string): boolean {
  return /@\d{4}-\d{2}(?:-\d{2})?$/.test(scope)
}

function sumOf(state: State, scope: string, atMs: number): BudgetSum {
  const sum = entry(state.budgets, scope, () => ({ key: scope, spent: 0, reserved: 0, touchedMs: atMs, queuedMs: atMs }))
  sum.touchedMs = atMs
  return sum
}

export function reserve(state: State, scope: string, amount: Nano, atMs: number): void {
  sumOf(state, scope, atMs).reserved += amount
}

/** Releases a reservation and counts what was really spent. */
export function release(state: State, scope: string, amount: Nano, spent: Nano, atMs: number): void {
  const sum = sumOf(state, scope, atMs)
  sum.reserved -= amount
  sum.spent += spent
}
