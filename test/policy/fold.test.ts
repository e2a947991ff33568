import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BudgetState,
  budgetScope,
  type DecideInput,
  decide,
  emptyState,
  endogenousOf,
  fold,
  loadState,
  noCandidate,
  type ResolvedPolicy,
  reservationOf,
  type State,
  type StateEvent,
  saveState,
  stateHash,
  upperBound,
} from '../../src/policy/index.js'
import { CALM, input, LARGE, MIDDLE, policy, SMALL, signals, weights } from './build.js'
import { AUTOMATIC, chain, decided, settled, T0 } from './events.js'

function look(state: State, over: Partial<Parameters<typeof endogenousOf>[1]> = {}) {
  return endogenousOf(state, { atMs: T0 + 1, session: 's', leaf: null, models: [AUTOMATIC], signedLoop: false, budgets: [], ...over })
}

describe('a session', () => {
  it('counts its turns and knows who answered last', () => {
    let state = fold(emptyState(), decided({ call: 'a', chosen: AUTOMATIC }))
    expect(look(state)).toMatchObject({ turn: 1, lastModel: null })
    state = fold(state, settled({ call: 'a', model: AUTOMATIC }))
    expect(look(state)).toMatchObject({ turn: 1, lastModel: 'one/auto', openLoop: null })
    expect(look(state, { signedLoop: true }).openLoop).toBe('one/auto')
    expect(look(state, { session: 'another' })).toMatchObject({ turn: 0, lastModel: null })
  })

  it('knows whose tool loop is open, though an agent under the same session was answered by another model', () => {
    const small = { ...AUTOMATIC, id: 'one/small' }
    const models = [small, AUTOMATIC]
    const ask = (state: State, call: string, messages: readonly string[], model: typeof small) =>
      fold(fold(state, decided({ call, leaf: chain(messages), chosen: model })), settled({ call, model }))
    let state = ask(emptyState(), 'main', ['envelope', 'task'], AUTOMATIC)
    state = ask(state, 'agent', ['other envelope', 'search'], small)
    const inLoop = { models, signedLoop: true, leaf: chain(['envelope', 'task', 'call', 'result']) }
    expect(look(state, inLoop)).toMatchObject({ lastModel: 'one/small', openLoop: 'one/auto' })
    expect(look(state, { ...inLoop, atMs: T0 + 3_600_000 }).openLoop, 'when the cache is cold').toBe('one/auto')
    expect(look(state, { ...inLoop, leaf: chain(['envelope', 'another task', 'call', 'result']) }).openLoop, 'the envelope').toBe(
      'one/small',
    )
  })

  it('is not moved by side calls', () => {
    let state = fold(emptyState(), decided({ call: 'a', session: null, chosen: AUTOMATIC }))
    state = fold(state, settled({ call: 'a', model: AUTOMATIC }))
    expect(look(state)).toMatchObject({ turn: 0, lastModel: null, ladder: null })
  })

  it('keeps its ladder and its arm, and starts anew after a week', () => {
    const trajectory = { ...CALM, failedChecks: 3 }
    const state = fold(emptyState(), decided({ call: 'a', trajectory, arm: 'x' }))
    expect(look(state)).toMatchObject({ ladder: { rung: 0, evidence: 2, seen: 2 }, stickyArm: 'x' })
    expect(look(state, { atMs: T0 + 7 * 86_400_000 })).toMatchObject({ turn: 0, ladder: null, stickyArm: null })
  })

  it('has no ladder where it is pinned or switched off', () => {
    const trajectory = { ...CALM, failedChecks: 3 }
    expect(look(fold(emptyState(), decided({ call: 'a', trajectory, mode: 'pinned' }))).ladder).toBeNull()
    const off = policy({ ladder: { enabled: false, up: 3, down: 0.5, maxRung: 2 } })
    expect(look(fold(emptyState(), decided({ call: 'a', trajectory, policy: off }))).ladder).toBeNull()
  })
})

describe('a budget', () => {
  const scope = budgetScope('key', 'k1', 'day', T0, 60)
  const budgets = [{ scope, limit: 1000 }]

  it('is named by its period, local time', () => {
    expect(scope).toBe('key:k1@2026-11-20')
    expect(budgetScope('total', null, 'month', Date.UTC(2026, 10, 30, 23, 30), 60)).toBe('total@2026-12')
    expect(budgetScope('session', 's1', 'total', T0, 0)).toBe('session:s1')
  })

  it('holds what is reserved until the call ends, then what it cost', () => {
    let state = fold(emptyState(), decided({ call: 'a', reservations: [{ scope, amount: 400 }] }))
    expect(look(state, { budgets }).budgets).toEqual([{ scope, spent: 0, reserved: 400, limit: 1000 }])
    state = fold(state, settled({ call: 'a', cost: 90 }))
    expect(look(state, { budgets }).budgets).toEqual([{ scope, spent: 90, reserved: 0, limit: 1000 }])
    state = fold(state, settled({ call: 'a', cost: 90 }))
    expect(look(state, { budgets }).budgets[0]!.spent).toBe(90)
  })

  it('counts all that a crashed call had reserved as spent, and gives back what nobody ever said the end of', () => {
    const sent = fold(emptyState(), decided({ call: 'a', reservations: [{ scope, amount: 400 }] }))
    const found = fold(loadState(saveState(sent)), settled({ call: 'a', cost: null, status: 'interrupted' }))
    expect(look(found, { budgets }).budgets[0]).toMatchObject({ spent: 400, reserved: 0 })
    const later = fold(sent, decided({ call: 'b', atMs: T0 + 26 * 3_600_000 }))
    expect(look(later, { budgets }).budgets[0]).toMatchObject({ spent: 0, reserved: 0 })
  })

  it('is never passed by 200 parallel calls, of which 50 fit', () => {
    const action: ResolvedPolicy['limits'] = { budgetAction: 'downgrade' }
    const request = signals({ inputTokens: 2000, difficulty: { p: 0.01, logit: -6, sd: 1 } })
    const bound = upperBound(SMALL, 2000, 500)!
    const limit = 50 * bound
    let state = emptyState()
    const open: StateEvent[] = []
    let refused = 0
    for (let n = 0; n < 200; n++) {
      const endogenous = look(state, { session: null, budgets: [{ scope, limit }] })
      const i = input({
        models: [SMALL, MIDDLE, LARGE],
        signals: request,
        limit: 500,
        policy: policy({ limits: action, chainLength: 1 }),
        endogenous,
      })
      const plan = decide(i)
      if (plan.chain === 0) {
        refused++
        expect(noCandidate(plan)).toMatchObject({ code: 'E_BUDGET', status: 402 })
        continue
      }
      const amount = reservationOf(i, plan)
      state = fold(state, decided({ call: `c${n}`, session: null, reservations: [{ scope, amount }] }))
      // In the worst case the call costs all that was set aside.
      open.push(settled({ call: `c${n}`, cost: amount }))
    }
    for (const event of open) state = fold(state, event)
    const { spent, reserved } = look(state, { budgets: [{ scope, limit }] }).budgets[0]!
    expect(spent).toBeLessThanOrEqual(limit)
    expect(reserved).toBe(0)
    expect([open.length, refused]).toEqual([50, 150])
  })
})

describe('what a budget does to a decision', () => {
  const left = (usd: number): Partial<DecideInput> => ({
    endogenous: { ...look(emptyState()), budgets: [{ scope: 'k', spent: 0, reserved: 0, limit: Math.round(usd * 1e9) }] as BudgetState[] },
    signals: signals({ inputTokens: 10_000 }),
  })
  const under = (action: ResolvedPolicy['limits']['budgetAction'], usd: number) =>
    decide(input({ ...left(usd), limit: 8000, policy: policy({ ...weights(0, 1, 0), limits: { budgetAction: action } }) }))

  it('shortens the answer where that suffices', () => {
    const plan = under('clamp', 0.1)
    expect(plan.steps[0]!.model).toBe('one/large')
    expect(plan.clampOutput).toBeGreaterThan(500)
    expect(plan.clampOutput).toBeLessThan(8000)
    expect(plan.reason).toContain('answer limited to')
    const i = input({ ...left(0.1), limit: 8000, policy: policy(weights(0, 1, 0)) })
    expect(reservationOf(i, decide(i))).toBeLessThanOrEqual(0.1e9)
  })

  it('takes a cheaper model, refuses, or only warns, as the profile says', () => {
    expect(under('downgrade', 0.1).steps[0]!.model).toBe('two/middle')
    expect(under('block', 0.1).chain).toBe(0)
    expect(under('block', 10).steps[0]!.model).toBe('one/large')
    expect(under('warn', 0.1).steps[0]!.model).toBe('one/large')
    expect(under('clamp', 0.0000001).chain).toBe(0)
  })
})

describe('an experiment', () => {
  const guarded = policy({
    experiment: {
      name: 'trial',
      salt: 's',
      arms: [{ profile: 'x', share: 0.5 }],
      guard: { minCalls: 10, maxErrorRate: 0.2, maxCostRatio: 2 },
    },
  })
  const stoppedAfter = (calls: readonly { arm: string | null; status: 'ok' | 'error'; cost: number }[]) => {
    let state = emptyState()
    for (const [n, { arm, status, cost }] of calls.entries()) {
      state = fold(state, decided({ call: `c${n}`, session: `s${n}`, policy: guarded, arm }))
      state = fold(state, settled({ call: `c${n}`, status, cost, model: status === 'ok' ? AUTOMATIC : null }))
    }
    return look(state, { experiment: guarded.experiment }).stoppedArms
  }
  const many = (n: number, arm: string | null, status: 'ok' | 'error', cost: number) =>
    Array.from({ length: n }, () => ({ arm, status, cost }))

  it('stops an arm that fails too often or costs too much more, not one that does neither', () => {
    expect(stoppedAfter([...many(8, 'x', 'ok', 10), ...many(3, 'x', 'error', 10)])).toEqual(['x'])
    expect(stoppedAfter([...many(20, null, 'ok', 10), ...many(12, 'x', 'ok', 21)])).toEqual(['x'])
    expect(stoppedAfter([...many(20, null, 'ok', 10), ...many(12, 'x', 'ok', 19)])).toBeUndefined()
    expect(stoppedAfter(many(5, 'x', 'error', 10))).toBeUndefined()
    expect(stoppedAfter(many(40, null, 'error', 10))).toBeUndefined()
  })
})

describe('the state', () => {
  const anyEvent = fc.record({
    n: fc.integer({ min: 0, max: 12 }),
    session: fc.constantFrom('s', 't', null),
    path: fc.array(fc.constantFrom('a', 'b'), { maxLength: 4 }),
    end: fc.constantFrom('ok' as const, 'error' as const, null),
    failed: fc.integer({ min: 0, max: 5 }),
    afterMs: fc.integer({ min: 0, max: 4_000_000 }),
  })

  function eventsOf(
    steps: readonly { n: number; session: string | null; path: string[]; end: 'ok' | 'error' | null; failed: number; afterMs: number }[],
  ) {
    const events: StateEvent[] = []
    let atMs = T0
    for (const { n, session, path, end, failed, afterMs } of steps) {
      atMs += afterMs
      const call = `c${n}`
      if (end === null) {
        const leaf = chain(['system', ...path])
        const trajectory = { ...CALM, failedChecks: failed }
        events.push(decided({ call, atMs, session, leaf, chosen: AUTOMATIC, trajectory, reservations: [{ scope: 'k', amount: 7 }] }))
      } else events.push(settled({ call, atMs, status: end, model: AUTOMATIC, cost: 3, cacheReadTokens: 1000 }))
    }
    return { events, atMs }
  }

  const hashAt = (state: State, atMs: number) =>
    ['s', 't'].map((session) =>
      stateHash(look(state, { session, atMs, leaf: chain(['system', 'a', 'b']), budgets: [{ scope: 'k', limit: 10 }] })),
    )

  it('rebuilt from events alone is the same, and so is one saved and loaded on the way', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.nat(40), (steps, at) => {
        const { events, atMs } = eventsOf(steps)
        const live = events.reduce(fold, emptyState())
        const cut = Math.min(at, events.length)
        const saved = loadState(saveState(events.slice(0, cut).reduce(fold, emptyState())))
        const resumed = events.slice(cut).reduce(fold, saved)
        expect(hashAt(resumed, atMs)).toEqual(hashAt(live, atMs))
        expect(hashAt(events.reduce(fold, emptyState()), atMs)).toEqual(hashAt(live, atMs))
      }),
      { numRuns: 200 },
    )
  })

  it('ignores the end of a call that it never saw begin', () => {
    const state = fold(emptyState(), settled({ call: 'unknown', model: AUTOMATIC, cost: 5 }))
    expect(look(state)).toEqual(look(emptyState()))
  })
})
