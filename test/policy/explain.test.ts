import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecideInput, decide, explainPlan } from '../../src/policy/index.js'
import { anyInput, plainPool } from './arbitrary.js'
import { input, LARGE, MIDDLE, NOTHING_YET, policy, SMALL, signals, weights } from './build.js'

const explain = (i: DecideInput) => explainPlan(i, decide(i))

describe('an explanation', () => {
  it('shows every candidate with its numbers and its veto in words', () => {
    const e = explain(input({ signals: signals({ difficulty: { p: 0.9, logit: 2.2, sd: 1 } }) }))
    expect(e.chosen).toBe('one/large')
    expect(e.candidates.map((c) => [c.model, c.veto])).toEqual([
      ['one/large', null],
      ['one/small', 'is too weak for this request'],
      ['two/middle', 'is too weak for this request'],
    ])
    expect(e.runnerUp).toBeNull()
    expect(e.flip).toBeNull()
  })

  it('names the smallest change of one weight that would have chosen the runner-up', () => {
    const i = input({ policy: policy(weights(0.35, 0.45, 0.2)) })
    const e = explain(i)
    expect(e.flip).not.toBeNull()
    const { weight, to, model } = e.flip!
    expect(model).toBe(e.runnerUp)
    const turned = { cost: 0.35, quality: 0.45, latency: 0.2, [weight]: to }
    expect(decide({ ...i, policy: policy(weights(turned.cost, turned.quality, turned.latency)) }).steps[0]!.model).toBe(model)
  })

  it('names a flip that really flips, and just so, for any pool', () => {
    const anyWeight = fc.double({ min: 0.01, max: 1, noNaN: true })
    fc.assert(
      fc.property(plainPool(), anyWeight, anyWeight, anyWeight, (models, cost, quality, latency) => {
        const under = (w: { cost: number; quality: number; latency: number }) =>
          decide(input({ models, policy: policy(weights(w.cost, w.quality, w.latency)) })).steps
        const now = { cost, quality, latency }
        const e = explain(input({ models, policy: policy(weights(cost, quality, latency)) }))
        if (e.flip === null || e.flip.weight === 'carbon') return
        const { weight, from, to, model } = e.flip
        expect(under({ ...now, [weight]: to })[0]!.model).toBe(model)
        const before = under({ ...now, [weight]: to + Math.sign(from - to) * 2e-6 })
        // Two models that differ in hardly anything stay as good as equal over a wider stretch, where the last bits of a score decide.
        const scoreOf = (id: string | null) => before.find((step) => step.model === id)!.score
        if (Math.abs(scoreOf(e.chosen) - scoreOf(model)) > 1e-8) expect(before[0]!.model).toBe(e.chosen)
      }),
    )
  })

  it('has no flip where weights decided nothing', () => {
    expect(explain(input({ policy: policy({ strategy: { kind: 'best' } }) })).flip).toBeNull()
    expect(explain(input({ mode: 'pinned', pinned: 'one/small' })).flip).toBeNull()
  })

  it('shows what staying costs against switching, once a session has a model', () => {
    const atMs = Date.UTC(2026, 10, 20, 12)
    const warm = [{ account: LARGE.rev.account, model: 'one/large', prefix: 'ab', tokens: 40_000, untilMs: atMs + 60_000, hit: 0.95 }]
    const session = { ...NOTHING_YET, warm, lastModel: 'one/large', turn: 5 }
    const e = explain(input({ atMs, endogenous: session, models: [SMALL, MIDDLE, LARGE], signals: signals({ inputTokens: 42_000 }) }))
    const stay = e.cache.find((c) => c.role === 'stay')!
    expect(stay.model).toBe('one/large')
    expect(stay.warmTokens).toBe(40_000)
    expect(stay.costNow!).toBeLessThan(stay.costCold! / 3)
    expect(e.cache.filter((c) => c.role === 'switch').every((c) => c.costNow === c.costCold && c.warmTokens === 0)).toBe(true)
    expect(explain(input()).cache).toEqual([])
  })

  it('can be given for any decision', () => {
    fc.assert(
      fc.property(anyInput, (i) => {
        const e = explain(i)
        expect(e.candidates).toHaveLength(i.models.length)
        expect(e.chosen === null).toBe(decide(i).chain === 0)
      }),
      { numRuns: 60 },
    )
  })
})
