import { describe, expect, it } from 'vitest'
import { apgr, apgrInterval, auc, calibration, type Ranked } from '../../src/learn/index.js'

const rows = (scores: readonly number[], gains: readonly number[]): readonly Ranked[] =>
  scores.map((score, i) => ({ score, strong: gains[i] as number, weak: 0 }))

describe('apgr', () => {
  it('is a half when all scores are tied', () => {
    expect(apgr(rows([1, 1, 1, 1], [1, 0, 0, 1]))).toBeCloseTo(0.5)
  })
  it('is the area under the share of the gap recovered', () => {
    // One of two questions gains: asked first it recovers the whole gap at half the calls.
    expect(apgr(rows([2, 1], [1, 0]))).toBeCloseTo(0.75)
    expect(apgr(rows([1, 2], [1, 0]))).toBeCloseTo(0.25)
  })
  it('has an interval around it', () => {
    const scores = Array.from({ length: 200 }, (_, i) => i)
    const gains = scores.map((s) => (s % 3 === 0 || s > 150 ? 1 : 0))
    const [low, high] = apgrInterval(rows(scores, gains))
    const value = apgr(rows(scores, gains))
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
  })
})

it('auc counts ties half', () => {
  expect(auc([1, 2, 3, 4], [false, false, true, true])).toBe(1)
  expect(auc([1, 1], [false, true])).toBe(0.5)
})

it('calibration of a forecast that is right on average has no error', () => {
  const predicted = Array.from({ length: 100 }, () => 0.3)
  const observed = predicted.map((_, i) => (i % 10 < 3 ? 1 : 0))
  const { ece, brier, baseBrier } = calibration(predicted, observed)
  expect(ece).toBeCloseTo(0)
  expect(brier).toBeCloseTo(baseBrier)
})
