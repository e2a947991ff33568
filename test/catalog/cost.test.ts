import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_USAGE, type Usage } from '../../src/canonical/index.js'
import { costOf, discounted, type Rates, ratesFromPrice } from '../../src/catalog/index.js'

const usage = (part: Partial<Usage>): Usage => ({ ...NO_USAGE, ...part })
const SONNET = ratesFromPrice({ input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6 })

describe('cost', () => {
  it('prices each kind of token at its own rate', () => {
    const cost = costOf(
      usage({ input: 1000, cacheRead: 10_000, cacheWrite5m: 2000, cacheWrite1h: 500, output: 300, reasoning: 100 }),
      SONNET,
    )
    expect(cost).toBe(3_000_000 + 3_000_000 + 7_500_000 + 3_000_000 + 4_500_000)
  })

  it('charges reasoning apart only where it has a rate of its own, and never twice', () => {
    const rates = ratesFromPrice({ input: 0, output: 1, reasoning: 4 })
    expect(costOf(usage({ input: 5, output: 1000, reasoning: 400 }), rates)).toBe(600_000 + 1_600_000)
    expect(costOf(usage({ input: 5, output: 1000, reasoning: 400 }), ratesFromPrice({ input: 0, output: 1 }))).toBe(1_000_000)
  })

  it('prices the whole call by the tier of its prompt, cached tokens included', () => {
    const rates = ratesFromPrice({
      input: 2,
      output: 12,
      cacheRead: 0.2,
      tiers: [{ above: 200_000, input: 4, output: 18, cacheRead: 0.4 }],
    })
    expect(costOf(usage({ input: 200_000, output: 0 }), rates)).toBe(400_000_000)
    expect(costOf(usage({ input: 1, cacheRead: 200_000, output: 10 }), rates)).toBe(4000 + 80_000_000 + 180_000)
  })

  it('adds the fee of a call', () => {
    expect(costOf(usage({ input: 0, output: 0 }), ratesFromPrice({ input: 1, output: 1, perCall: 0.005 }))).toBe(5_000_000)
  })

  it('is unknown, never 0, where a rate that is needed or the usage itself is unknown', () => {
    const half: Rates = { ...SONNET, cacheRead: null }
    expect(costOf(usage({ input: 10, output: 10, cacheRead: 1 }), half)).toBeNull()
    expect(costOf(usage({ input: 10, output: 10, cacheRead: 0 }), half)).toBe(180_000)
    expect(costOf(usage({ input: 10, output: 10 }), null)).toBeNull()
    expect(costOf(NO_USAGE, SONNET)).toBeNull()
    expect(costOf(usage({ input: 10 }), SONNET)).toBeNull()
  })

  it('is 0 for a free model whatever was reported', () => {
    expect(costOf(NO_USAGE, ratesFromPrice({ input: 0, output: 0 }))).toBe(0)
  })

  it('is the exact sum, rounded once, half up', () => {
    const tokens = fc.integer({ min: 0, max: 10_000_000 })
    const rate = fc.integer({ min: 0, max: 600_000_000 })
    fc.assert(
      fc.property(tokens, tokens, tokens, rate, rate, rate, (input, cacheRead, output, a, b, c) => {
        const rates: Rates = { ...SONNET, input: a, cacheRead: b, output: c }
        const exact = (BigInt(input) * BigInt(a) + BigInt(cacheRead) * BigInt(b) + BigInt(output) * BigInt(c) + 500n) / 1000n
        expect(costOf(usage({ input, cacheRead, output }), rates)).toBe(Number(exact))
      }),
    )
  })
})

describe('rates', () => {
  it('take what is left out as billed without a discount', () => {
    expect(ratesFromPrice({ input: 1, output: 2 })).toMatchObject({ cacheRead: 1e6, cacheWrite5m: 1e6, cacheWrite1h: 1e6, reasoning: null })
    expect(ratesFromPrice({ input: 1, output: 2, cacheRead: null }).cacheRead).toBeNull()
  })

  it('are halved on every tier by a discount, unknown ones staying unknown', () => {
    const half = discounted(ratesFromPrice({ input: 1, output: null, tiers: [{ above: 10, input: 2, output: 3 }] }), 0.5)
    expect(half).toMatchObject({ input: 5e5, output: null, tiers: [{ above: 10, input: 1e6, output: 1.5e6 }] })
  })
})
