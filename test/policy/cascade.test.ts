import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  armDraw,
  type DecideInput,
  decide,
  type Endogenous,
  READY_MADE,
  readSwitch,
  reservationOf,
  shadowOf,
  upperBound,
} from '../../src/policy/index.js'
import { input, LARGE, MIDDLE, NOTHING_YET, policy, SMALL, signals, weights } from './build.js'

const quality = { ...READY_MADE.quality! }
const cascading = policy({ ...quality, cascade: { enabled: true, threshold: 0.6, holdMs: 0 } })
const medium = signals({ difficulty: { p: 0.3, logit: -0.5, sd: 1 } })

function plan(over: Partial<DecideInput> = {}) {
  return decide(input({ policy: cascading, signals: medium, models: [SMALL, MIDDLE, LARGE], ...over }))
}

describe('a cascade', () => {
  it('puts a cheap model with a gate before the one that would have been chosen', () => {
    const direct = plan({ policy: policy(quality) }).steps[0]!
    const { steps, chain, reason } = plan()
    expect(steps[0]!.model).toBe('one/small')
    expect(steps[0]!.gate).toEqual({ threshold: 0.6, holdMs: 0 })
    expect(steps[1]!.model).toBe(direct.model)
    expect(steps[1]!.gate).toBeUndefined()
    expect(chain).toBeGreaterThanOrEqual(2)
    expect(reason).toContain('its answer is judged first')
  })

  it('only where the pair is expected to cost less than the winner alone', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (logit) => {
        const { steps } = plan({ signals: signals({ difficulty: { p: 0.5, logit, sd: 1 } }) })
        if (steps[0]!.gate === undefined) return
        const [cheap, strong] = [steps[0]!, steps[1]!]
        expect(cheap.horizonCost! + (1 - cheap.quality) * strong.horizonCost!).toBeLessThan(strong.horizonCost!)
        expect(cheap.quality).toBeLessThan(strong.quality)
      }),
    )
  })

  it('not for streams that may not be held back, inside a signed tool loop, or for a pinned call', () => {
    expect(plan({ stream: true }).steps[0]!.gate).toBeUndefined()
    const held = policy({ ...quality, cascade: { enabled: true, threshold: 0.6, holdMs: 800 } })
    expect(plan({ stream: true, policy: held }).steps[0]!.gate).toEqual({ threshold: 0.6, holdMs: 800 })
    const open = { ...NOTHING_YET, openLoop: 'one/large', lastModel: 'one/large' }
    expect(plan({ endogenous: open }).steps[0]!.gate).toBeUndefined()
    expect(plan({ mode: 'pinned', pinned: 'one/large' }).steps[0]!.gate).toBeUndefined()
  })
})

describe('a cascade under a budget', () => {
  const judge = { model: 'one/large', maxUsdPerCall: 0.001 }
  // The strongest is not the dearest, which comes last.
  const models = [SMALL, { ...MIDDLE, ability: LARGE.ability + 0.1 }, LARGE]
  const under = (limit: number, budgetAction: 'clamp' | 'warn' = 'clamp') => {
    const i = input({
      policy: policy({ ...weights(0.1, 0.9, 0), cascade: { ...cascading.cascade, judge }, limits: { budgetAction } }),
      signals: medium,
      models,
      limit: 1000,
      endogenous: { ...NOTHING_YET, budgets: [{ scope: 'k', spent: 0, reserved: 0, limit }] },
    })
    const decided = decide(i)
    return { isGated: decided.steps[0]!.gate !== undefined, chain: decided.chain, reserved: reservationOf(i, decided) }
  }
  const [cheap, dearest] = [SMALL, LARGE].map((m) => upperBound(m, medium.inputTokens, 1000)!) as [number, number]
  const all = cheap + dearest + 1_000_000

  it('is used where that covers the cheap answer, the dearest of the chain and the judge, which are all set aside', () => {
    expect(under(all)).toEqual({ isGated: true, chain: 3, reserved: all })
    expect(under(all - 1)).toEqual({ isGated: false, chain: 3, reserved: dearest })
    expect(under(all - 1, 'warn').isGated).toBe(true)
  })
})

describe('a shadow', () => {
  const shadowing = policy({ shadow: { model: 'one/large', rate: 0.5, maxUsdPerDay: 1 } })
  const at = (draw: number, spent = 0, over: Partial<DecideInput> = {}) => {
    const i = input({ policy: shadowing, signals: medium, draws: [0.9, 0.9, 0.9, draw], limit: 1000, ...over })
    return shadowOf(i, decide(i), spent)
  }

  it('is asked for its share of calls, while its cap lasts', () => {
    expect(at(0.49)).toBe('one/large')
    expect(at(0.5)).toBeNull()
    expect(at(0.1, 0.99e9)).toBeNull()
  })

  it('is not asked when it serves anyway, cannot serve, or the call is pinned', () => {
    expect(at(0.1, 0, { signals: signals({ difficulty: { p: 0.9, logit: 2.5, sd: 1 } }) })).toBeNull()
    expect(at(0.1, 0, { models: [SMALL, { ...LARGE, rev: { ...LARGE.rev, contextWindow: 10 } }] })).toBeNull()
    expect(at(0.1, 0, { mode: 'pinned', pinned: 'one/small' })).toBeNull()
    expect(at(0.1, 0, { draws: [] })).toBeNull()
    expect(at(0.1, 0, { models: [SMALL, MIDDLE] })).toBeNull()
  })

  it('is asked though a rule leaves it out', () => {
    const rules = [{ when: {}, use: ['one/small'], strict: true }]
    expect(at(0.1, 0, { policy: { ...shadowing, rules } })).toBe('one/large')
  })
})

describe('a session in an experiment', () => {
  const experiment = {
    name: 'e',
    salt: 's',
    arms: [
      { profile: 'fast', share: 0.2 },
      { profile: 'quality', share: 0.2 },
    ],
  }
  const tested = policy({ experiment, profiles: { fast: READY_MADE.fast!, quality: READY_MADE.quality! } })
  const since = (over: Partial<Endogenous>): Partial<DecideInput> => ({ endogenous: { ...NOTHING_YET, ...over } })
  const cases: readonly (readonly [string, string | null, number, Partial<DecideInput>])[] = [
    ['is in the arm that its draw falls into', 'fast', 0.19, {}],
    ['and an arm begins where the one before it ends', 'quality', 0.2, {}],
    ['is in the control beyond all arms', null, 0.4, {}],
    ['stays in its arm whatever is drawn', 'quality', 0.1, since({ stickyArm: 'quality' })],
    ['is drawn anew once its arm is gone', 'fast', 0.1, since({ stickyArm: 'gone' })],
    ['leaves an arm that is stopped', null, 0.1, since({ stickyArm: 'quality', stoppedArms: ['quality'] })],
    ['does not enter an arm that is stopped', null, 0.1, since({ stoppedArms: ['fast'] })],
    ['takes no part in a pinned call', null, 0.1, { mode: 'pinned', pinned: 'one/small' }],
  ]
  it.each(cases)('%s', (_name, arm, draw, over) => {
    expect(decide(input({ policy: tested, draws: [0.9, 0.9, draw], ...over })).arm).toBe(arm)
  })

  it('has the same place always, and places are spread evenly', () => {
    expect(armDraw('salt', 'session-1')).toBe(armDraw('salt', 'session-1'))
    expect(armDraw('salt', 'session-1')).not.toBe(armDraw('pepper', 'session-1'))
    const draws = Array.from({ length: 4000 }, (_, n) => armDraw('salt', `session-${n}`))
    expect(draws.every((d) => d >= 0 && d < 1)).toBe(true)
    for (let tenth = 0; tenth < 10; tenth++) {
      expect(draws.filter((d) => Math.floor(d * 10) === tenth).length).toBeGreaterThan(330)
    }
  })
})

describe('a switch in the conversation', () => {
  it('is read from the start of a message', () => {
    expect(readSwitch('/max  Why does this deadlock?')).toBe('max')
    expect(readSwitch('/auto')).toBe('auto')
    expect(readSwitch('  /MAX\nhelp')).toBe('max')
  })

  it('is not read from anything else', () => {
    for (const text of ['/maximum', 'use /max here', '/maxine says hi', 'max', '']) expect(readSwitch(text)).toBeNull()
  })
})
