import { createHash } from 'node:crypto'
import type { Decided, PrefixLink, ServedBy, Settled } from '../../src/policy/index.js'
import { CALM, policy, rev } from './build.js'

/** A conversation as a chain: each message's digest covers all before it. */
export function chain(messages: readonly string[], tokensEach = 1000, parent: PrefixLink | null = null): PrefixLink {
  let leaf = parent
  for (const message of messages) {
    const digest = createHash('sha256')
      .update(`${leaf?.digest ?? ''}/${message}`)
      .digest('hex')
      .slice(0, 32)
    leaf = { digest, refTokens: (leaf?.refTokens ?? 0) + tokensEach, depth: leaf === null ? 0 : leaf.depth + 1, parent: leaf }
  }
  return leaf!
}

export const T0 = Date.UTC(2026, 10, 20, 12)

export function decided(over: Partial<Decided> & Pick<Decided, 'call'>): Decided {
  return {
    type: 'decided',
    atMs: T0,
    session: 's',
    leaf: null,
    breakpoints: [],
    chosen: null,
    reservations: [],
    trajectory: CALM,
    mode: 'auto',
    policy: policy(),
    arm: null,
    ...over,
  }
}

export function settled(over: Partial<Settled> & Pick<Settled, 'call'>): Settled {
  return { type: 'settled', atMs: T0, model: null, cacheReadTokens: null, cacheWrite1hTokens: null, cost: 0, status: 'ok', ...over }
}

export const AUTOMATIC: ServedBy = rev('one/auto')
export const EXPLICIT: ServedBy = rev('two/explicit', { cache: { mode: 'explicit', minTokens: 1024, stepTokens: 1, ttlMs: 300_000 } })
