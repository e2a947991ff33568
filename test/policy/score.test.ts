import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecideInput, decide, type Plan } from '../../src/policy/index.js'
import { plainPool } from './arbitrary.js'
import { input, LARGE, model, policy, rates, SMALL, signals, weights } from './build.js'

const easy = signals({ difficulty: { p: 0.02, logit: -4, sd: 1 }, complexity: 'simple' })
const chosen = (over: Partial<DecideInput>): string | undefined => decide(input(over)).steps[0]?.model

describe('properties of the weighted score', () => {
  const anyWeight = fc.double({ min: 0.01, max: 1, noNaN: true })

  const worse: Readonly<Record<'cost' | 'quality' | 'latency', (step: Plan['steps'][number]) => number>> = {
    cost: (step) => Math.max(100, step.horizonCost!),
    quality: (step) => -step.quality,
    latency: (step) => Math.max(1000, step.latencyUs),
  }
  it.each(Object.entries(worse))('more weight on %s never picks a model that is worse by it, the others equal', (name, badness) => {
    const picked = (models: DecideInput['models'], w: Record<keyof typeof worse, number>) =>
      decide(input({ models, policy: policy(weights(w.cost, w.quality, w.latency)) })).steps[0]!
    fc.assert(
      fc.property(plainPool(), anyWeight, anyWeight, anyWeight, anyWeight, (models, more, cost, quality, latency) => {
        const w = { cost, quality, latency }
        const heavier = { ...w, [name]: w[name as keyof typeof worse] + more }
        expect(badness(picked(models, heavier))).toBeLessThanOrEqual(badness(picked(models, w)))
      }),
      { numRuns: 500 },
    )
  })

  it('is the sum that the weights and the shown scores give, and the highest wins', () => {
    fc.assert(
      fc.property(plainPool(), anyWeight, anyWeight, anyWeight, (models, cost, quality, latency) => {
        const { steps } = decide(input({ models, policy: policy(weights(cost, quality, latency)) }))
        const sums = steps.map(({ scores: s }) => (cost * s.cost + quality * s.quality + latency * s.latency) / (cost + quality + latency))
        for (const [i, step] of steps.entries()) expect(step.score).toBeCloseTo(sums[i]!, 6)
        expect(sums[0]).toBeCloseTo(Math.max(...sums), 6)
      }),
    )
  })

  it('with floor 0, adding or removing a losing candidate never changes the winner', () => {
    fc.assert(
      fc.property(plainPool(3, 7), anyWeight, anyWeight, anyWeight, fc.nat(), (models, cost, quality, latency, at) => {
        const under = (pool: typeof models) =>
          decide(input({ models: pool, policy: policy(weights(cost, quality, latency)) })).steps[0]!.model
        const winner = under(models)
        const losers = models.filter((m) => m.rev.id !== winner)
        const gone = losers[at % losers.length]!
        expect(under(models.filter((m) => m !== gone))).toBe(winner)
      }),
      { numRuns: 500 },
    )
  })

  it('does not depend on the order of the pool', () => {
    fc.assert(
      fc.property(plainPool(), anyWeight, anyWeight, anyWeight, (models, cost, quality, latency) => {
        const p = policy(weights(cost, quality, latency, 0.8))
        expect(decide(input({ models: [...models].reverse(), policy: p })).steps.map((s) => s.model)).toEqual(
          decide(input({ models, policy: p })).steps.map((s) => s.model),
        )
      }),
    )
  })

  it('takes a free model, and two free ones are told apart by the rest', () => {
    const free = model('two/free', { ability: 0.9 }, { rates: rates(0, 0) })
    const freeAndBetter = model('two/good', { ability: 1.5 }, { rates: rates(0, 0) })
    expect(chosen({ models: [SMALL, free], policy: policy(weights(1, 0, 0)) })).toBe('two/free')
    expect(chosen({ models: [free, freeAndBetter], policy: policy(weights(0.8, 0.2, 0)) })).toBe('two/good')
    const plan = decide(input({ models: [free, LARGE] }))
    for (const step of plan.steps) expect(Number.isFinite(step.score)).toBe(true)
  })

  it('breaks a tie by price, then by id', () => {
    const twin = (id: string) => model(id)
    expect(chosen({ models: [twin('two/b'), twin('two/a')] })).toBe('two/a')
    const cheaper = model('two/z', {}, { rates: rates(0.5, 2) })
    expect(chosen({ models: [twin('two/a'), cheaper], policy: policy(weights(0, 1, 0)) })).toBe('two/z')
  })

  it('shows the cheapest and fastest eligible candidate at 1', () => {
    const plan = decide(input({ signals: easy }))
    const eligible = plan.steps.filter((s) => s.veto === null)
    expect(Math.max(...eligible.map((s) => s.scores.cost))).toBe(1)
    expect(Math.max(...eligible.map((s) => s.scores.latency))).toBe(1)
    expect(eligible.map((s) => s.score)).toEqual([...eligible.map((s) => s.score)].sort((a, b) => b - a))
  })
})
