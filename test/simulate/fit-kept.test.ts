import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawNormal, seededRandom } from '../../src/kit/index.js'
import { fitKept, KEPT_SUMS } from '../../src/simulate/fit-kept.js'

/** Sums of answers as long as `lengths` say (tokens), each `add` more tokens of the next prompt. */
function sumsOf(lengths: readonly number[], add: (output: number) => number): Float64Array {
  const sums = new Float64Array(KEPT_SUMS)
  for (const x of lengths) {
    const y = add(x)
    for (const [i, part] of [1, x, y, x * x, x * y].entries()) sums[i]! += part
  }
  return sums
}

const line = (own: number, slope: number) => (x: number) => own + slope * x
const lengthsOf = (n: number, from = 0): readonly number[] => Array.from({ length: n }, (_, i) => from + 10 * i)

describe('how much of an answer stays in the conversation', () => {
  it('is the slope that all models follow, whatever a message has of its own, also for a model never seen', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 2, maxLength: 30 })
    const model = fc.tuple(lengths, fc.integer({ min: 0, max: 60 }))
    fc.assert(
      fc.property(fc.array(model, { minLength: 1, maxLength: 5 }), fc.double({ min: 0.05, max: 2, noNaN: true }), (models, slope) => {
        fc.pre(models.some(([xs]) => new Set(xs).size > 1))
        const sums = new Map(models.map(([xs, own], i) => [`m${i}`, sumsOf(xs, line(own, slope))]))
        const kept = fitKept(sums)
        for (const name of [...sums.keys(), 'unseen']) expect(kept(name)).toBeCloseTo(slope, 6)
      }),
    )
  })

  it('is not known where nothing was seen, or nothing but answers of one length', () => {
    expect(fitKept(new Map())('a')).toBeNull()
    expect(fitKept(new Map([['a', sumsOf([50, 50, 50], line(4, 1))]]))('a')).toBeNull()
  })

  it('is the model’s own with many answers and the common one with few', () => {
    const kept = fitKept(
      new Map([
        ['plain', sumsOf(lengthsOf(400), line(5, 1))],
        ['thinker', sumsOf(lengthsOf(400), line(5, 0.2))],
        ['rare', sumsOf(lengthsOf(2), line(5, 0.2))],
        [
          'same',
          sumsOf(
            Array.from({ length: 50 }, () => 70),
            line(5, 0.2),
          ),
        ],
      ]),
    )
    expect(kept('plain')).toBeCloseTo(1, 1)
    expect(kept('thinker')).toBeCloseTo(0.2, 1)
    expect(kept('unseen')).toBeCloseTo(0.6, 2)
    // Two answers against ten that the common slope counts as.
    expect(kept('rare')).toBeCloseTo((2 * 0.2 + 10 * 0.6) / 12, 2)
    expect(kept('same')).toBeCloseTo(0.6, 2)
  })

  it('leans by answers and not by their squares: a model of short answers is believed as soon as one of long ones', () => {
    const kept = fitKept(
      new Map([
        [
          'long',
          sumsOf(
            lengthsOf(30).map((x) => 100 * x),
            line(5, 1),
          ),
        ],
        ['short', sumsOf(lengthsOf(30), line(5, 0.2))],
      ]),
    )
    expect(kept('short')).toBeCloseTo((30 * 0.2 + 10 * 1) / 40, 2)
  })

  it('is never less than nothing', () => {
    expect(fitKept(new Map([['odd', sumsOf(lengthsOf(50), line(4000, -1))]]))('odd')).toBe(0)
  })

  it('is found again under noise, within three standard errors', () => {
    const [n, slope, sd] = [300, 0.7, 40]
    const misses = Array.from({ length: 100 }, (_, seed) => {
      const random = seededRandom(seed)
      const lengths = Array.from({ length: n }, () => 1000 * random())
      const found = fitKept(new Map([['a', sumsOf(lengths, (x) => slope * x + 20 + sd * drawNormal(random))]]))('a') ?? Number.NaN
      const error = sd / (Math.sqrt(n / 12) * 1000)
      return Math.abs(found - slope) < 3 * error ? 0 : 1
    })
    expect(misses.reduce<number>((a, b) => a + b, 0)).toBeLessThanOrEqual(2)
  })
})
