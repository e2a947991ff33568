import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Usage } from '../../src/canonical/index.js'
import { costOf } from '../../src/catalog/index.js'
import { type DecideInput, decide, leftOf, noCandidate, type Plan, PROMPT_MARGIN, reservationOf } from '../../src/policy/index.js'
import { anyInput } from './arbitrary.js'
import { CALM, input, LARGE, MIDDLE, model, NOTHING_YET, policy, rates, SMALL, signals, weights } from './build.js'

function chosen(over: Partial<DecideInput> = {}): string | undefined {
  const plan = decide(input(over))
  return plan.chain > 0 ? plan.steps[0]?.model : undefined
}

function vetoes(plan: Plan): Record<string, string> {
  return Object.fromEntries(plan.steps.flatMap((s) => (s.veto === null ? [] : [[s.model, s.veto.code]])))
}

const hard = signals({ difficulty: { p: 0.9, logit: 2.2, sd: 1 }, complexity: 'complex' })
const trivial = signals({ difficulty: { p: 0.01, logit: -6, sd: 1 }, complexity: 'simple' })
const easy = signals({ difficulty: { p: 0.02, logit: -4, sd: 1 }, complexity: 'simple' })

describe('what is chosen', () => {
  const cases: readonly (readonly [string, Partial<DecideInput>, string])[] = [
    ['the cheapest for an easy request, since all can do it', { signals: easy }, 'one/small'],
    ['the strongest for a hard one under quality', { signals: hard, policy: policy({ ...weights(0.1, 0.7, 0.2, 0.96) }) }, 'one/large'],
    ['the cheapest that is good enough', { policy: policy({ strategy: { kind: 'cheapest', minQuality: 0.8 } }) }, 'two/middle'],
    [
      'the best there is when none is good enough',
      { signals: hard, policy: policy({ strategy: { kind: 'cheapest', minQuality: 0.99 } }) },
      'one/large',
    ],
    ['the best predicted quality', { policy: policy({ strategy: { kind: 'best' } }) }, 'one/large'],
    ['the cheaper of two that are equally good', { signals: trivial, policy: policy({ strategy: { kind: 'best' } }) }, 'one/small'],
    ['the cheapest near the best', { signals: easy, policy: policy({ strategy: { kind: 'balanced' } }) }, 'one/small'],
    ['the fastest when only latency counts', { policy: policy(weights(0, 0, 1)) }, 'one/small'],
    ['the strongest when only quality counts', { policy: policy(weights(0, 1, 0)) }, 'one/large'],
    ['the model the client named, whatever it costs', { mode: 'pinned', pinned: 'one/large', signals: easy }, 'one/large'],
    ['the model of the matching rule', { policy: policy({ rules: [{ when: { task: 'question' }, use: 'one/large' }] }) }, 'one/large'],
  ]
  it.each(cases)('is %s', (_name, over, expected) => {
    expect(chosen(over)).toBe(expected)
  })

  it('prefers the cleaner model when carbon has a weight', () => {
    const clean = model('two/clean', {}, { carbon: 40 })
    const dirty = model('one/dirty', {}, { carbon: 900 })
    const green = policy({ strategy: { kind: 'weights', weights: { cost: 0.3, quality: 0.3, latency: 0.1, carbon: 0.3 } }, floor: 0 })
    expect(chosen({ models: [dirty, clean], policy: green })).toBe('two/clean')
    expect(chosen({ models: [dirty, clean] })).toBe('one/dirty')
  })
})

describe('what is ruled out, and in which words', () => {
  it('a model that lacks what the request needs', () => {
    const blind = model('two/blind', {}, { accepts: { ...SMALL.rev.accepts, needs: ['tools'] } })
    const plan = decide(input({ models: [blind, LARGE], signals: signals({ needs: ['vision'] }) }))
    expect(plan.steps.map((s) => [s.model, s.veto?.detail])).toEqual([
      ['one/large', undefined],
      ['two/blind', 'cannot see images'],
    ])
  })

  it('a model that cannot hold to a grammar, or to JSON, while another can', () => {
    const bound = model('two/bound', {}, { accepts: { ...SMALL.rev.accepts, needs: ['tools', 'json', 'grammar-tools'] } })
    const asked = signals({ needs: ['tools', 'grammar-tools'] })
    const plan = decide(input({ models: [bound, LARGE], signals: asked }))
    expect(plan.steps.map((s) => [s.model, s.veto?.detail])).toEqual([
      ['two/bound', undefined],
      ['one/large', 'does not take grammar tools'],
    ])
    expect(decide(input({ models: [LARGE], signals: asked })).steps.map((s) => s.veto)).toEqual([null])
    const plain = model('three/plain', {}, { accepts: { ...SMALL.rev.accepts, needs: ['tools'] } })
    for (const need of ['json', 'json-schema'] as const) {
      const able = model('two/bound', {}, { accepts: { ...SMALL.rev.accepts, needs: ['tools', need] } })
      const json = signals({ needs: [need] })
      expect(decide(input({ models: [plain, able], signals: json })).steps.map((s) => s.model)).toEqual(['two/bound', 'three/plain'])
      expect(decide(input({ models: [plain], signals: json })).steps.map((s) => s.veto)).toEqual([null])
    }
  })

  it('a window that the prompt and its answer do not fit', () => {
    const narrow = model('two/narrow', { tokenizerRatio: 1.3 }, { contextWindow: 10_000 })
    const plan = decide(input({ models: [narrow, LARGE], signals: signals({ inputTokens: 7600 }) }))
    expect(vetoes(plan)).toEqual({ 'two/narrow': 'context' })
    expect(plan.steps[1]!.veto!.detail).toBe('has a context window of 10,000 tokens, too small for this request')
  })

  it('a weak model for a hard request, by the floor', () => {
    expect(vetoes(decide(input({ signals: hard })))).toEqual({ 'one/small': 'quality', 'two/middle': 'quality' })
  })

  it('a failing model, only while another can serve', () => {
    const failing = { ...SMALL, breaker: 'open' as const }
    expect(vetoes(decide(input({ models: [failing, LARGE] })))).toEqual({ 'one/small': 'breaker' })
    const all = decide(input({ models: [failing, { ...LARGE, breaker: 'open' }], signals: easy }))
    expect(all.chain).toBe(2)
    expect(vetoes(all)).toEqual({})
  })

  it('a failing model is asked when the budget has no room for the others', () => {
    const failing = { ...SMALL, breaker: 'open' as const }
    const budgets = [{ scope: 'k', spent: 0, reserved: 0, limit: 30_000_000 }]
    const plan = decide(
      input({
        models: [failing, LARGE],
        limit: 4000,
        endogenous: { ...NOTHING_YET, budgets },
        policy: policy({ limits: { budgetAction: 'downgrade' } }),
      }),
    )
    expect([plan.chain, plan.steps[0]!.model]).toEqual([1, 'one/small'])
    expect(vetoes(plan)).toEqual({ 'one/large': 'budget' })
  })

  it('a model without a price where price counts, but not where all lack one', () => {
    const unpriced = model('two/unknown', { ability: 5 }, { rates: null })
    expect(vetoes(decide(input({ models: [unpriced, SMALL] })))).toEqual({ 'two/unknown': 'unpriced' })
    expect(chosen({ models: [unpriced, SMALL], policy: policy(weights(0, 1, 0)) })).toBe('two/unknown')
    const only = decide(input({ models: [unpriced] }))
    expect(only.chain).toBe(1)
    expect(only.steps[0]!.cost).toBeNull()
  })

  it('every other model inside a tool loop with signed reasoning', () => {
    const open = { ...NOTHING_YET, openLoop: 'one/large', lastModel: 'one/large', turn: 4 }
    const plan = decide(input({ endogenous: open, signals: easy }))
    expect(plan.steps[0]!.model).toBe('one/large')
    expect(plan.chain).toBe(1)
    expect(vetoes(plan)).toEqual({ 'one/small': 'loop', 'two/middle': 'loop' })
  })

  it('an embedding model for a chat request, and the other way round', () => {
    const embed = model('two/embed', {}, { kind: 'embedding' })
    expect(vetoes(decide(input({ models: [embed, SMALL] })))).toEqual({ 'two/embed': 'kind' })
    expect(chosen({ models: [embed, SMALL], kind: 'embedding' })).toBe('two/embed')
  })

  it('everything but the named model when pinned; a fallback only if the profile says so', () => {
    const pinned = { mode: 'pinned' as const, pinned: 'two/middle' }
    expect(decide(input(pinned)).chain).toBe(1)
    const loose = decide(input({ ...pinned, policy: policy({ pinned: 'fallback' }), signals: easy }))
    expect(loose.steps[0]!.model).toBe('two/middle')
    expect(loose.chain).toBe(3)
  })

  it('nothing at all in an empty pool: the Fault says so', () => {
    const plan = decide(input({ models: [] }))
    expect(plan.chain).toBe(0)
    expect(noCandidate(plan)).toMatchObject({ message: 'the pool has no model for this kind of request', final: true })
  })

  it('the whole pool: the Fault names every veto', () => {
    const plan = decide(input({ models: [SMALL, LARGE], signals: signals({ needs: ['audio-input'] }) }))
    const fault = noCandidate(plan)
    expect(fault.code).toBe('E_NO_CANDIDATE')
    expect(fault.message).toBe('no model can serve this request: each of one/small, one/large does not take audio')
    expect(fault.hint).toMatch(/^Add a model that can/)
  })
})

describe('the chain', () => {
  it('falls back to another provider first', () => {
    const plan = decide(input({ signals: easy, models: [SMALL, LARGE, model('one/other', {}, { rates: rates(0.2, 0.6) }), MIDDLE] }))
    expect(plan.steps[0]!.model).toBe('one/small')
    expect(plan.steps[1]!.model).toBe('two/middle')
    expect(plan.chain).toBe(3)
  })

  it('holds no vetoed step, and every model is in the plan once', () => {
    fc.assert(
      fc.property(anyInput, (i) => {
        const plan = decide(i)
        expect(plan.steps.slice(0, plan.chain).every((s) => s.veto === null)).toBe(true)
        expect(plan.steps.map((s) => s.model).sort()).toEqual(i.models.map((m) => m.rev.id).sort())
        expect(plan.chain).toBeLessThanOrEqual(i.policy.chainLength)
        expect(plan.chain > 0 || noCandidate(plan).message.length > 0).toBe(true)
      }),
    )
  })

  it('sets aside no more than its budget has left, and at least what its models could cost', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(anyInput, fc.tuple(share, share, share, share), (i, [cached, written, long, thought]) => {
        const plan = decide(i)
        const reserved = reservationOf(i, plan)
        if (plan.chain > 0 && i.policy.limits.budgetAction !== 'warn') expect(reserved).toBeLessThanOrEqual(leftOf(i.endogenous.budgets))
        for (const { model: id } of plan.steps.slice(0, plan.chain)) {
          const { rev, tokenizerRatio } = i.models.find((m) => m.rev.id === id)!
          const prompt = Math.floor(i.signals.inputTokens * tokenizerRatio * PROMPT_MARGIN)
          const output = Math.min(
            rev.maxOutput ?? 32_768,
            i.limit ?? Number.POSITIVE_INFINITY,
            plan.clampOutput ?? Number.POSITIVE_INFINITY,
          )
          const cacheRead = Math.floor(prompt * cached)
          const cacheWrite = Math.floor((prompt - cacheRead) * written)
          const cacheWrite1h = Math.floor(cacheWrite * long)
          const usage: Usage = {
            input: prompt - cacheRead - cacheWrite,
            cacheRead,
            cacheWrite5m: cacheWrite - cacheWrite1h,
            cacheWrite1h,
            output,
            reasoning: Math.floor(output * thought),
          }
          expect(costOf(usage, rev.rates) ?? 0).toBeLessThanOrEqual(reserved)
        }
      }),
    )
  })

  it('says with which probability each step would have been first', () => {
    fc.assert(
      fc.property(anyInput, (i) => {
        const plan = decide(i)
        const sum = plan.steps.reduce((total, s) => total + s.propensity, 0)
        expect(sum).toBeCloseTo(plan.chain > 0 ? 1 : 0, 9)
        if (plan.chain > 0) expect(plan.steps[0]!.propensity).toBeGreaterThan(0)
      }),
    )
  })
})

describe('the reason', () => {
  it('is one line of plain words', () => {
    expect(decide(input({ signals: easy })).reason).toBe('simple question: best score of 3, 98% cheaper than one/large')
    expect(decide(input({ mode: 'pinned', pinned: 'one/large' })).reason).toBe('the client named this model')
    expect(decide(input({ mode: 'alias', pinned: 'one/large' })).reason).toBe('the client named this model by an alias')
    const tiny = (input: number) => model('two/tiny', { ability: 0.8 }, { rates: rates(input, input) })
    expect(decide(input({ signals: easy, models: [tiny(0.001), LARGE] })).reason).toMatch(/, 99% cheaper than one\/large$/)
    const best = policy({ strategy: { kind: 'best' } })
    expect(decide(input({ policy: best, models: [tiny(0.001), LARGE] })).reason).toMatch(/, \d{4,} times as dear as two\/tiny$/)
    expect(decide(input({ signals: easy, models: [tiny(0), LARGE] })).reason).toMatch(/, 100% cheaper than one\/large$/)
    fc.assert(
      fc.property(anyInput, (i) => {
        expect(decide(i).reason).toMatch(/^[^\n]{10,}$/)
      }),
    )
  })

  it('says that a model which costs more now is chosen for the turns to come', () => {
    const near = model('one/near', { ability: 2 }, { rates: rates(1, 4, 0.1) })
    const far = model('two/far', { ability: 2.1 }, { rates: rates(5, 20, 0.5) })
    const long = signals({ inputTokens: 60_000, tools: { count: 2, nameDigest: '', names: ['Read', 'Bash'] } })
    const warm = [{ account: 'two:default', model: 'two/far', prefix: 'p', tokens: 59_900, untilMs: 9e15, hit: 0.97 }]
    const back = { ...NOTHING_YET, warm, lastModel: 'two/far', turn: 3 }
    const cheap = policy(weights(1, 0, 0))
    expect(decide(input({ policy: cheap, signals: long, models: [near, far], endogenous: back, limit: 100 })).reason).toMatch(
      /% dearer than two\/far now but cheaper over the turns to come; switched from two\/far$/,
    )
  })

  it('says what put a model first that had not the best score', () => {
    const drawn = policy({ ...weights(1, 0, 0), exploration: { rate: 0.2, margin: 2 } })
    expect(decide(input({ policy: drawn, draws: [0.1, 0.9] })).reason).toMatch(/^medium question: drawn from 3 near-ties/)
    expect(decide(input({ policy: drawn, draws: [0.3, 0.9] })).reason).toMatch(/^medium question: best score of 3/)
    const cheapFirst = policy({ ...weights(0, 1, 0), cascade: { enabled: true, threshold: 0.6, holdMs: 0 } })
    expect(decide(input({ policy: cheapFirst, signals: easy })).reason).toMatch(/^simple question: cheap first, 98% cheaper than/)
    const budgets = [{ scope: 'k', spent: 0, reserved: 0, limit: 3_000_000 }]
    expect(
      decide(input({ limit: 4000, endogenous: { ...NOTHING_YET, budgets }, policy: policy({ limits: { budgetAction: 'downgrade' } }) }))
        .reason,
    ).toBe('medium question: only able model that the budget allows')
  })

  it('says that a budget which only warns has run out', () => {
    const warned = (spent: number, budgetAction: 'warn' | 'clamp' = 'warn') =>
      decide(
        input({
          policy: policy({ limits: { budgetAction } }),
          endogenous: { ...NOTHING_YET, budgets: [{ scope: 'k', spent, reserved: 0, limit: 5e9 }] },
        }),
      ).reason
    expect(warned(5e9)).toMatch(/; over its budget, which only warns$/)
    expect(warned(1e9)).not.toContain('budget')
    expect(warned(5e9, 'clamp')).toBe('no model can serve this request')
  })

  it('says why a session moved up', () => {
    const failing = signals({ trajectory: { ...CALM, failedChecks: 5, inToolLoop: true, loopLength: 9 } })
    const plan = decide(input({ signals: failing }))
    expect(plan.ladder).toMatchObject({ rung: 1, moved: 1 })
    expect(plan.reason).toContain('moved up to rung 1: checks keep failing')
  })
})

describe('exploration', () => {
  const explorer = policy({ ...weights(0.3, 0.3, 0.4), exploration: { rate: 0.2, margin: 0.05 } })
  const twins = [model('one/a'), model('two/b'), model('two/c', { ability: -9 })]

  it('takes a near-tie when the draw says so, and logs the odds', () => {
    const plan = decide(input({ models: twins, policy: explorer, draws: [0.1, 0.9] }))
    expect(plan.steps.slice(0, 3).map((s) => [s.model, s.propensity])).toEqual([
      ['two/b', 0.1],
      ['one/a', 0.9],
      ['two/c', 0],
    ])
    expect(decide(input({ models: twins, policy: explorer, draws: [0.2, 0.9] })).steps[0]!.model).toBe('one/a')
  })

  it('stays with what was asked for: a pinned model, a rule, an open loop', () => {
    const draws = [0, 0.9]
    expect(chosen({ models: twins, policy: explorer, draws, mode: 'pinned', pinned: 'one/a' })).toBe('one/a')
    const open = { ...NOTHING_YET, openLoop: 'one/a', lastModel: 'one/a' }
    expect(chosen({ models: twins, policy: explorer, draws, endogenous: open })).toBe('one/a')
  })
})

describe('the experiment', () => {
  const profiles = { thrifty: weights(1, 0, 0), lavish: { strategy: { kind: 'best' as const }, floor: 0 } }
  const trial = policy({
    profiles,
    experiment: {
      name: 't',
      salt: 's',
      arms: [
        { profile: 'thrifty', share: 0.3 },
        { profile: 'lavish', share: 0.3 },
      ],
    },
  })

  it('puts a session into the arm that its draw falls into, and keeps it there', () => {
    const at = (draw: number, stickyArm: string | null = null) =>
      decide(input({ policy: trial, signals: signals(), draws: [0.5, 0.5, draw], endogenous: { ...NOTHING_YET, stickyArm } }))
    expect([at(0.1).arm, at(0.4).arm, at(0.9).arm]).toEqual(['thrifty', 'lavish', null])
    expect([at(0.1).steps[0]!.model, at(0.4).steps[0]!.model]).toEqual(['one/small', 'one/large'])
    expect(at(0.9, 'lavish').arm).toBe('lavish')
  })
})
