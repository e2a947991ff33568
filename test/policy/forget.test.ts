import { expect, it } from 'vitest'
import {
  emptyState,
  endogenousOf,
  fold,
  loadState,
  type PrefixLink,
  type State,
  type StateEvent,
  saveState,
  stateHash,
} from '../../src/policy/index.js'
import { MOST_NODES, MOST_SESSION_BUDGETS, MOST_SESSIONS } from '../../src/policy/state/forget.js'
import { AUTOMATIC, chain, decided, settled, T0 } from './events.js'

/** A conversation of `length` messages after a node, whose digests are told by their name alone. */
function conversation(name: string, length: number, parent: PrefixLink): PrefixLink {
  let leaf = parent
  for (let i = 0; i < length; i++) leaf = { digest: `${name}/${i}`, refTokens: leaf.refTokens + 10, depth: leaf.depth + 1, parent: leaf }
  return leaf
}

/** Calls of ever new sessions, one of which comes back again and again. */
function* callsOf(count: number, of: (n: number) => Partial<Parameters<typeof decided>[0]>): Generator<StateEvent> {
  for (let n = 0; n < count; n++) {
    const atMs = T0 + n * 10
    const call = `c${n}`
    const session = n % 100 === 0 ? 'faithful' : `s${n}`
    yield decided({ call, session, atMs, chosen: AUTOMATIC, ...of(n) })
    yield settled({ call, model: AUTOMATIC, atMs: atMs + 1, cost: 5 })
  }
}

function hashOf(state: State, session: string, leaf = chain(['a'])): string {
  return stateHash(endogenousOf(state, { atMs: T0 + 1e6, session, leaf, models: [AUTOMATIC], signedLoop: false, budgets: [] }))
}

it('remembers no more sessions and session budgets than it may, and those last that are in use', () => {
  let state = emptyState()
  for (const event of callsOf(45_000, (n) => ({ reservations: [{ scope: n % 100 === 0 ? 'key:k' : `session:s${n}`, amount: 7 }] })))
    state = fold(state, event)
  expect(state.sessions.size).toBeLessThanOrEqual(MOST_SESSIONS + 64)
  expect(state.budgets.size).toBeLessThanOrEqual(MOST_SESSION_BUDGETS + 64)
  expect(state.sessions.get('faithful')?.turn).toBe(450)
  expect(state.budgets.get('key:k')).toMatchObject({ spent: 2250, reserved: 0 })
  expect(state.sessions.has('s1')).toBe(false)
  expect(state.sessions.has('s44999')).toBe(true)
})

it('remembers no more messages than it may, however many one call brings', () => {
  let state = emptyState()
  const envelope = chain(['envelope'])
  const used = chain(['question', 'answer'], 1000, envelope)
  for (const event of callsOf(100, (n) => ({ leaf: n % 2 === 0 ? used : conversation(`${n}`, 5000, envelope) }))) state = fold(state, event)
  expect(state.nodes.size).toBeLessThanOrEqual(MOST_NODES + 5000)
  const warm = endogenousOf(state, { atMs: T0 + 1000, session: null, leaf: used, models: [AUTOMATIC], signedLoop: false, budgets: [] }).warm
  expect(warm).toMatchObject([{ prefix: used.digest, tokens: 3000 }])
})

it('forgets the same when it is read from a checkpoint and goes on', () => {
  let whole = emptyState()
  let resumed = emptyState()
  let n = 0
  const openings = ['one', 'two', 'three'].map((word) => chain([word]))
  for (const event of callsOf(24_000, (i) => ({ leaf: conversation(`of ${i}`, 1, openings[i % 3]!) }))) {
    whole = fold(whole, event)
    resumed = fold(resumed, event)
    if (++n === 41_111) resumed = loadState(saveState(resumed))
  }
  expect(saveState(resumed)).toBe(saveState(whole))
  for (const session of ['faithful', 's23999', 's6001', 's1']) expect(hashOf(resumed, session)).toBe(hashOf(whole, session))
})
