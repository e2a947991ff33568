import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyState, endogenousOf, fold, loadState, type PrefixLink, type ServedBy, type State, saveState } from '../../src/policy/index.js'
import { AUTOMATIC, chain, decided, EXPLICIT, settled, T0 } from './events.js'

const POOL = [AUTOMATIC, EXPLICIT]
let calls = 0

function answer(
  state: State,
  leaf: PrefixLink,
  model: ServedBy,
  atMs: number,
  over: { breakpoints?: number[]; read?: number } = {},
): State {
  const call = `c${calls++}`
  const sent = fold(state, decided({ call, atMs, leaf, chosen: model, breakpoints: over.breakpoints ?? [] }))
  return fold(sent, settled({ call, atMs, model, cacheReadTokens: over.read ?? null }))
}

function warmTokens(state: State, leaf: PrefixLink, atMs: number, model: ServedBy = AUTOMATIC): number {
  const { warm } = endogenousOf(state, { atMs, session: null, leaf, models: POOL, signedLoop: false, budgets: [] })
  return warm.find((w) => w.model === model.id)?.tokens ?? 0
}

describe('what is warm', () => {
  const first = chain(['system', 'hi'])
  const next = chain(['hello', 'and?'], 1000, first)

  it('is the longest prefix that the model has read, until it expires', () => {
    const state = answer(emptyState(), first, AUTOMATIC, T0)
    expect(warmTokens(state, next, T0 + 299_999)).toBe(2000)
    expect(warmTokens(state, next, T0 + 300_000)).toBe(0)
    expect(warmTokens(state, next, T0 + 1, EXPLICIT)).toBe(0)
  })

  it('is shared by sessions with the same system prompt and tools', () => {
    const state = answer(emptyState(), next, AUTOMATIC, T0)
    expect(warmTokens(state, chain(['system', 'something else']), T0 + 1)).toBe(1000)
    expect(warmTokens(state, chain(['another system', 'hi']), T0 + 1)).toBe(0)
  })

  it('stays warm while any conversation below it is read', () => {
    let state = answer(emptyState(), chain(['system', 'a']), AUTOMATIC, T0)
    for (let i = 1; i <= 5; i++) state = answer(state, chain(['system', `b${i}`]), AUTOMATIC, T0 + i * 200_000)
    expect(warmTokens(state, chain(['system', 'c']), T0 + 1_200_000)).toBe(1000)
    expect(warmTokens(state, chain(['system', 'a', 'x']), T0 + 1_200_000)).toBe(1000)
  })

  it('ends at a breakpoint where the provider caches nothing else', () => {
    const state = answer(emptyState(), next, EXPLICIT, T0, { breakpoints: [0, 2] })
    expect(warmTokens(state, chain(['ok'], 1000, next), T0 + 1, EXPLICIT)).toBe(3000)
    expect(warmTokens(state, chain(['system', 'hi', 'edited']), T0 + 1, EXPLICIT)).toBe(1000)
    expect(warmTokens(answer(emptyState(), next, EXPLICIT, T0), next, T0 + 1, EXPLICIT)).toBe(0)
  })

  it('is kept for an hour when it was written for an hour', () => {
    const sent = fold(emptyState(), decided({ call: 'x', leaf: first, chosen: EXPLICIT, breakpoints: [0, 1] }))
    const state = fold(sent, settled({ call: 'x', model: EXPLICIT, cacheWrite1hTokens: 2000 }))
    expect(warmTokens(state, next, T0 + 3_599_999, EXPLICIT)).toBe(2000)
  })

  it('is not made by a call that failed', () => {
    const sent = fold(emptyState(), decided({ call: 'x', leaf: first, chosen: AUTOMATIC }))
    expect(warmTokens(fold(sent, settled({ call: 'x', model: AUTOMATIC, status: 'error' })), next, T0 + 1)).toBe(0)
  })

  it('is believed no less where a prefix was too short to be cached, which says nothing of those that are long enough', () => {
    const picky: ServedBy = { ...AUTOMATIC, cache: { ...AUTOMATIC.cache, minTokens: 1024 } }
    let state = answer(emptyState(), next, picky, T0)
    for (let i = 0; i < 30; i++) state = answer(state, chain(['short', `${i}`], 100), picky, T0 + i, { read: 0 })
    const { warm } = endogenousOf(state, { atMs: T0 + 31, session: null, leaf: next, models: POOL, signedLoop: false, budgets: [] })
    expect(warm[0]?.hit).toBe(0.9)
  })

  it('is believed as far as the provider has reported reading it', () => {
    let state = answer(emptyState(), first, AUTOMATIC, T0)
    const hit = (s: State) =>
      endogenousOf(s, { atMs: T0 + 1, session: null, leaf: next, models: POOL, signedLoop: false, budgets: [] }).warm[0]!.hit
    expect(hit(state)).toBe(0.9)
    for (let i = 0; i < 30; i++) state = answer(state, next, AUTOMATIC, T0, { read: 0 })
    expect(hit(state)).toBeLessThan(0.2)
    for (let i = 0; i < 80; i++) state = answer(state, next, AUTOMATIC, T0, { read: 4000 })
    expect(hit(state)).toBeGreaterThan(0.8)
  })

  it('costs little to follow, however long the conversation: no node is kept twice', () => {
    let state = emptyState()
    let leaf = chain(['system'])
    for (let turn = 0; turn < 60; turn++) {
      leaf = chain([`q${turn}`, `a${turn}`], 100, leaf)
      state = answer(state, leaf, AUTOMATIC, T0 + turn)
    }
    expect(state.nodes.size).toBe(121)
    expect(state.spans.size).toBe(1)
  })

  it('is forgotten in time', () => {
    let state = emptyState()
    for (let i = 0; i < 3000; i++) state = answer(state, chain(['system', `q${i}`]), AUTOMATIC, T0 + i * 60_000)
    expect(state.nodes.size).toBeLessThan(300)
    expect(state.sessions.size).toBe(1)
  })
})

/** The plain meaning: a reading model holds every prefix of what it read, each until its own time. */
describe('against a model that marks every prefix by itself', () => {
  const step = fc.record({
    path: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 7 }),
    model: fc.constantFrom(AUTOMATIC, { ...AUTOMATIC, id: 'one/other' }),
    afterMs: fc.integer({ min: 0, max: 400_000 }),
    lateMs: fc.integer({ min: 0, max: 5000 }),
    reload: fc.boolean(),
  })

  it('says the same after any sequence of turns, forks, pauses and restarts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = emptyState()
        const held = new Map<string, number>()
        let atMs = T0
        for (const { path, model, afterMs, lateMs, reload } of steps) {
          atMs += afterMs
          const leaf = chain(['system', ...path], 10)
          let expected = 0
          for (let link: PrefixLink | null = leaf; link !== null && expected === 0; link = link.parent) {
            if ((held.get(`${model.id} ${link.digest}`) ?? 0) > atMs) expected = link.refTokens
          }
          const { warm } = endogenousOf(state, { atMs, session: null, leaf, models: [model], signedLoop: false, budgets: [] })
          expect(warm[0]?.tokens ?? 0).toBe(expected)
          state = answer(state, leaf, model, atMs + lateMs)
          for (let link: PrefixLink | null = leaf; link !== null; link = link.parent) {
            const key = `${model.id} ${link.digest}`
            held.set(key, Math.max(held.get(key) ?? 0, atMs + lateMs + model.cache.ttlMs))
          }
          atMs += lateMs
          if (reload) state = loadState(saveState(state))
        }
      }),
      { numRuns: 300 },
    )
  })
})
