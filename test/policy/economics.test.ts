import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usdFromNano } from '../../src/kit/index.js'
import { expectedCost, type ModelState, PRESETS, type ResolvedPolicy } from '../../src/policy/index.js'
import { model, policy, rates, weights } from './build.js'
import { type Bill, billOf, type Course, steadyCourse } from './session-costs.js'

const EXPLICIT = { mode: 'explicit', minTokens: 1024, stepTokens: 1, ttlMs: 300_000 } as const

/** Prices and cache rules of the kind that vendors had in 2026; abilities in logits. */
const POOL: readonly ModelState[] = [
  model('moonshot/k2', { ability: 1.7, expectedOut: 300 }, { rates: rates(0.6, 2.5, 0.15) }),
  model('openai/large', { ability: 2.3, expectedOut: 300 }, { rates: rates(1.25, 10, 0.125) }),
  model('anthropic/haiku', { ability: 1.6, expectedOut: 280 }, { rates: rates(1, 5, 0.1, 1.25), cache: EXPLICIT }),
  model('anthropic/sonnet', { ability: 2.4, expectedOut: 320 }, { rates: rates(3, 15, 0.3, 3.75), cache: EXPLICIT }),
]

/** Sixty turns of an agent: reading and searching is easy, every few turns comes something hard; results of very different length come back. */
function agentCourse(gapMs: number): Course {
  const envelope = 11_200
  let inputTokens = envelope
  const turns = Array.from({ length: 60 }, (_, n) => {
    inputTokens += 250 + ((n * 7919) % 1900)
    return { inputTokens, difficulty: n % 5 === 3 ? 2.2 : n % 3 === 0 ? 0.4 : -1.5, length: 0.4 + ((n * 31) % 17) / 10 }
  })
  return { envelope, gapMs, turns }
}

function show(rows: readonly (readonly [string, Bill])[]): void {
  for (const [name, bill] of rows) console.log(`${name.padEnd(34)} $${usdFromNano(bill.nano).toFixed(4)}  ${bill.switches} switches`)
}

describe('an agent session of 60 turns', () => {
  it('costs less under economy when caches are known than when they are not, once they have time to get cold', () => {
    const economy = policy({ name: 'economy', ...PRESETS.economy })
    const bills = [20, 100, 200].map((seconds) => {
      const course = agentCourse(seconds * 1000)
      const aware = billOf(POOL, () => economy, course)
      const blind = billOf(POOL, () => ({ ...economy, cacheAware: false }), course)
      show([
        [`economy, cache-aware, ${seconds} s apart`, aware],
        [`economy, cache-blind, ${seconds} s apart`, blind],
      ])
      return { aware, blind }
    })
    const { aware, blind } = bills.at(-1)!
    expect(blind.nano).toBeGreaterThan(1.2 * aware.nano)
    expect(aware.switches).toBeLessThan(blind.switches)
    // Going back and forth within a cache's life costs little, and then knowing of caches gains little.
    for (const bill of bills) expect(bill.aware.nano).toBeLessThan(1.02 * bill.blind.nano)
  })

  it('costs no more under cost alone than always staying or always switching', () => {
    const course = agentCourse(20_000)
    // Which of these is cheaper at list prices changes with the length of prompt and answer; their caches are not worth the same.
    const pool = [
      model('one/short', { expectedOut: 300 }, { rates: rates(0.5, 5, 0.13) }),
      model('two/long', { expectedOut: 300 }, { rates: rates(0.52, 3, 0.05) }),
      model('three/plain', { expectedOut: 200 }, { rates: rates(0.48, 6, 0.48) }),
    ]
    const thrift = (turnsLeft: number): ResolvedPolicy => ({ ...policy(weights(1, 0, 0)), expectedTurnsLeft: turnsLeft })
    const aware = billOf(pool, thrift, course)
    const switching = billOf(pool, (left) => ({ ...thrift(left), cacheAware: false }), course)
    const staying = billOf(pool, thrift, course, () => switching.models[0]!)
    show([
      ['cost alone, cache-aware', aware],
      ['always switch to the cheapest', switching],
      ['always stay with the first', staying],
    ])
    expect(aware.nano).toBeLessThanOrEqual(Math.min(switching.nano, staying.nano))
  })
})

const anyPrices = fc.record({
  input: fc.double({ min: 0.05, max: 8, noNaN: true }),
  outTimes: fc.double({ min: 2, max: 8, noNaN: true }),
  read: fc.double({ min: 0.05, max: 1, noNaN: true }),
  explicit: fc.boolean(),
  out: fc.integer({ min: 30, max: 650 }),
})
type Prices = typeof anyPrices extends fc.Arbitrary<infer P> ? P : never

function priced(prices: readonly Prices[]): readonly ModelState[] {
  return prices.map((m, i) => {
    const output = m.input * m.outTimes
    const r = m.explicit ? rates(m.input, output, m.input * 0.1, m.input * 1.25) : rates(m.input, output, m.input * m.read)
    const cache = m.explicit ? EXPLICIT : { mode: 'automatic' as const, minTokens: 1024, stepTokens: 1, ttlMs: 300_000 }
    return model(`p${i}/m${i}`, { expectedOut: m.out }, { rates: r, cache })
  })
}

const costAlone = (turnsLeft: number): ResolvedPolicy => ({ ...policy(weights(1, 0, 0)), expectedTurnsLeft: turnsLeft })
const blindly = (turnsLeft: number): ResolvedPolicy => ({ ...costAlone(turnsLeft), cacheAware: false })

describe('on the engine’s own expectations', () => {
  it('a cache-aware plan under cost alone is never dearer than staying with any one model', () => {
    fc.assert(
      fc.property(
        fc.array(anyPrices, { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 700, max: 3000 }),
        fc.integer({ min: 1500, max: 16_000 }),
        (prices, n, growth, envelope) => {
          const pool = priced(prices)
          const course = steadyCourse(envelope, growth, n)
          const stays = pool.map((m) => billOf(pool, costAlone, course, () => m.rev.id).nano)
          // Each turn is rounded to a nano-USD once.
          expect(billOf(pool, costAlone, course).nano).toBeLessThanOrEqual(Math.min(...stays) + n)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('keeps to a switch that it has paid for', () => {
    const pool = priced([
      { input: 0.05, outTimes: 2, read: 0.22133, explicit: false, out: 114 },
      { input: 0.05, outTimes: 3.67705, read: 0.05, explicit: true, out: 335 },
    ])
    const aware = billOf(pool, costAlone, steadyCourse(1500, 704, 37))
    const switching = billOf(pool, blindly, steadyCourse(1500, 704, 37))
    expect(aware.switches).toBe(1)
    expect(aware.nano).toBeLessThan(switching.nano)
  })

  // A candidate is judged by itself, so that a loser never changes the winner: that another model may be cheaper later is not seen. Where caches
  // save next to nothing and the cheapest changes once, following the list prices is therefore a little cheaper than deciding for the session.
  it('gives away half a percent to always switching where caches are worth nothing and prices cross once', () => {
    const pool = priced([
      { input: 0.1126513, outTimes: 2.40772, read: 0.89734, explicit: false, out: 188 },
      { input: 0.0935366, outTimes: 4.07449, read: 0.95888, explicit: false, out: 604 },
    ])
    const course = steadyCourse(1511, 2995, 13)
    const switching = billOf(pool, blindly, course)
    expect(switching.switches).toBe(1)
    expect(billOf(pool, costAlone, course).nano / switching.nano).toBeCloseTo(1.005, 3)
  })
})

describe('the expected cost of a candidate', () => {
  const sonnet = POOL[3]!
  const outlook = { inputTokens: 50_000, turnsLeft: 0, growth: 0, cacheAware: true, cacheMarks: true }
  const warm = { account: sonnet.rev.account, model: sonnet.rev.id, prefix: 'ab', tokens: 48_000, untilMs: 10, hit: 1 }

  it('reads its warm ancestor and writes the rest', () => {
    const { cost } = expectedCost(sonnet, 300, warm, 9, outlook)
    expect(cost).toBe(Math.round((48_000 * 0.3 + 2000 * 3.75 + 300 * 15) * 1000))
  })

  it('weighs a miss by its probability', () => {
    const hit = expectedCost(sonnet, 300, warm, 9, outlook).cost!
    const miss = expectedCost(sonnet, 300, null, 9, outlook).cost!
    expect(expectedCost(sonnet, 300, { ...warm, hit: 0.25 }, 9, outlook).cost).toBe(Math.round(0.25 * hit + 0.75 * miss))
  })

  it('is that of a cold write once the prefix has expired', () => {
    expect(expectedCost(sonnet, 300, warm, 10, outlook).cost).toBe(50_000 * 3750 + 300 * 15_000)
  })

  it('writes nothing where no breakpoint is marked, and nothing too short to be cached', () => {
    expect(expectedCost(sonnet, 300, null, 0, { ...outlook, cacheMarks: false }).cost).toBe(50_000 * 3000 + 300 * 15_000)
    expect(expectedCost(sonnet, 300, null, 0, { ...outlook, inputTokens: 1000 }).cost).toBe(1000 * 3000 + 300 * 15_000)
  })

  it('takes the long-context tier for the whole call', () => {
    const { tiers: _none, perCall: _free, ...long } = rates(6, 22.5, 0.6, 7.5)
    const tiered = { ...sonnet, rev: { ...sonnet.rev, rates: { ...sonnet.rev.rates!, tiers: [{ ...long, above: 200_000 }] } } }
    expect(expectedCost(tiered, 100, null, 0, { ...outlook, inputTokens: 200_000, cacheMarks: false }).cost).toBe(
      200_000 * 3000 + 100 * 15_000,
    )
    expect(expectedCost(tiered, 100, null, 0, { ...outlook, inputTokens: 200_001, cacheMarks: false }).cost).toBe(
      200_001 * 6000 + 100 * 22_500,
    )
  })

  it('is unknown where a rate that it needs is', () => {
    const unpriced = model('x/y', {}, { rates: { ...rates(1, 2), output: null } })
    expect(expectedCost(unpriced, 100, null, 0, outlook)).toEqual({ cost: null, horizonCost: null })
  })

  it('is lower over a longer stay, since the cold write is paid once', () => {
    const horizon = (turnsLeft: number) => expectedCost(sonnet, 300, null, 0, { ...outlook, turnsLeft, growth: 500 }).horizonCost!
    expect(horizon(0)).toBeGreaterThan(horizon(4))
    expect(horizon(4)).toBeGreaterThan(horizon(20))
  })
})
