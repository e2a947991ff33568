import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/kit/index.js'
import { type Behaviour, fitBehaviour } from '../../src/simulate/behaviour.js'
import { CACHE_SUM, emptyMeasured, GROUPS, SUMS } from '../../src/simulate/measure-log.js'

/** Calls that had something to find, and a provider that finds it with probability `hit`; sessions lie in all groups alike. */
interface Found {
  readonly calls: number
  readonly hit: number
}

function fitted(models: Readonly<Record<string, Found>>, random?: () => number): Behaviour {
  const measured = emptyMeasured()
  for (const [model, { calls, hit }] of Object.entries(models)) {
    const groups = new Float64Array(GROUPS * SUMS)
    for (let i = 0; i < calls; i++) {
      const at = (i % GROUPS) * SUMS
      groups[at + CACHE_SUM.calls]! += 1
      groups[at + CACHE_SUM.found]! += random === undefined ? hit : random() < hit ? 1 : 0
    }
    measured.caches.set(model, groups)
  }
  return fitBehaviour(measured, new Map())
}

describe('the share of warm prefixes that a model finds', () => {
  it('is what was seen of it when much was, whatever others do', () => {
    const { cacheHit } = fitted({ one: { calls: 4000, hit: 0.3 }, two: { calls: 4000, hit: 0.95 } })
    expect(cacheHit('one')).toBeCloseTo(0.3, 2)
    expect(cacheHit('two')).toBeCloseTo(0.95, 2)
  })

  it('is what the others have shown for a model never seen, each of them counting alike once it is known', () => {
    const { cacheHit } = fitted({ busy: { calls: 100_000, hit: 0.2 }, one: { calls: 4000, hit: 0.8 }, two: { calls: 4000, hit: 0.8 } })
    // Three models at 0.6 on average and the router's own guess of 0.9, as one more.
    expect(cacheHit('unseen')).toBeCloseTo((0.2 + 0.8 + 0.8 + 0.9) / 4, 2)
  })

  it('is the router’s own guess where no cache was ever looked at', () => {
    expect(fitted({}).cacheHit('unseen')).toBeCloseTo(0.9, 9)
  })

  it('moves from the others’ to its own with every call', () => {
    const others = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`other ${i}`, { calls: 1000, hit: 0.9 }]))
    const rates = [1, 8, 80, 800].map((calls) => fitted({ ...others, own: { calls, hit: 0 } }).cacheHit('own'))
    for (const [i, rate] of rates.entries()) expect(rate).toBeLessThan(i === 0 ? 0.9 : (rates[i - 1] ?? 0))
    // Eight calls weigh as much as all the others say.
    expect(rates[1]).toBeGreaterThan(0.4)
    expect(rates[1]).toBeLessThan(0.47)
    expect(rates[3]).toBeLessThan(0.02)
  })

  it('is nearer the truth than the model’s own share, over many models of which little was seen', () => {
    const random = seededRandom(7)
    let [own, pooled] = [0, 0]
    for (let pool = 0; pool < 200; pool++) {
      const models = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`m${i}`, { calls: 12, hit: 0.7 + 0.28 * random() }]))
      const seed = Math.floor(1e9 * random())
      const { cacheHit } = fitted(models, seededRandom(seed))
      const draws = seededRandom(seed)
      for (const [name, { calls, hit }] of Object.entries(models)) {
        let found = 0
        for (let i = 0; i < calls; i++) if (draws() < hit) found++
        own += (found / calls - hit) ** 2
        pooled += (cacheHit(name) - hit) ** 2
      }
    }
    expect(pooled).toBeLessThan(0.6 * own)
  })

  it.each([24, 200])('is within the rounds of the bootstrap in nine of ten logs of %i calls, which are no wider than need be', (calls) => {
    const [logs, hit] = [100, 0.8]
    let [inside, width] = [0, 0]
    for (let seed = 0; seed < logs; seed++) {
      const { cacheHit, hitDraws } = fitted({ one: { calls, hit } }, seededRandom(1000 + seed))
      const rates = hitDraws('one')
        .map((draw) => draw * cacheHit('one'))
        .sort()
      const [low = 0, high = 0] = [rates[9], rates[389]]
      if (low <= hit && hit <= high) inside++
      width += (high - low) / logs
    }
    expect(inside).toBeGreaterThanOrEqual(90)
    // Twice as wide as the binomial law has it would say nothing.
    expect(width).toBeLessThan(2 * 3.92 * Math.sqrt((hit * (1 - hit)) / calls))
  })
})
