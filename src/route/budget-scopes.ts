import { DAY_MS, type Nano } from '../kit/index.js'
import { budgetScope } from '../policy/index.js'

/** A spending limit of the configuration. */
export interface SpendLimit {
  readonly kind: 'total' | 'session' | 'profile' | 'key'
  /** Whose it is; null: of each session, profile or key by itself, and for `total`. */
  readonly id: string | null
  readonly per: 'hour' | 'day' | 'week' | 'month' | 'total'
  readonly limit: Nano
}

/** A budget that a call draws on, by the name of its present period. */
export interface DueBudget {
  readonly scope: string
  readonly limit: Nano
}

/** What a call belongs to. */
interface Spender {
  readonly session: string
  readonly profile: string
  readonly key: string | null
}

export function budgetScopes(limits: readonly SpendLimit[], spender: Spender, atMs: number, tzMin: number): readonly DueBudget[] {
  if (limits.length === 0) return NONE
  const scopes: DueBudget[] = []
  for (const { kind, id, per, limit } of limits) {
    const own = kind === 'total' ? null : spender[kind]
    if (kind !== 'total' && (own === null || (id !== null && id !== own))) continue
    scopes.push({ scope: scopeOf(kind, own, per, atMs, tzMin), limit })
  }
  return scopes
}

const NONE: readonly DueBudget[] = []

/** Hours and weeks carry their period in the name and the day they began as date, so that they expire like days. */
function scopeOf(kind: SpendLimit['kind'], own: string | null, per: SpendLimit['per'], atMs: number, tzMin: number): string {
  const local = atMs + tzMin * 60_000
  switch (per) {
    case 'day':
    case 'month':
    case 'total':
      return budgetScope(kind, own, per, atMs, tzMin)
    case 'hour': {
      const hour = new Date(local).getUTCHours()
      return budgetScope(kind, `${own ?? ''}/h${hour}`, 'day', atMs, tzMin)
    }
    case 'week': {
      const sinceMonday = (new Date(local).getUTCDay() + 6) % 7
      return budgetScope(kind, `${own ?? ''}/week`, 'day', atMs - sinceMonday * DAY_MS, tzMin)
    }
  }
}
