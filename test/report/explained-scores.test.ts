import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decide } from '../../src/policy/index.js'
import { explain } from '../../src/report/index.js'
import { anyInput } from '../policy/arbitrary.js'

const round9 = (x: number): number => Math.round(x * 1e9) / 1e9

/** By docs/policy.md, "The numbers", from nothing but what `explain --json` prints. */
it('prints what its scores can be computed from by hand', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const { candidates, policy, deadline } = explain(null, { input, plan: decide(input) })
      const able = candidates.filter((c) => c.veto === null)
      const nano = (c: (typeof able)[number]) => Math.max(100, Math.round((c.costPerTurnUsd ?? Number.NaN) * 1e9))
      const cheapest = Math.min(...able.filter((c) => c.costPerTurnUsd !== null).map(nano))
      // What arrives within the deadline of a call that a service tier may serve is in time.
      const inTime = candidates.some((c) => c.model.endsWith('@flex')) ? (deadline?.ms ?? 0) : 0
      const late = (c: (typeof able)[number]) => Math.max(1, c.latencyMs, inTime)
      const fastest = Math.min(...able.map(late))
      for (const c of able) {
        if (c.costPerTurnUsd !== null) expect(c.scores.cost).toBeCloseTo(1 - Math.log(nano(c) / cheapest) / Math.log(100), 8)
        expect(c.scores.latency).toBeCloseTo(1 - Math.log(late(c) / fastest) / Math.log(20), 8)
        expect(c.scores.quality).toBe(round9((c.quality - 0.5) / 0.5) + 0)
        if (policy.weights === undefined) continue
        const { cost, quality, latency, carbon = 0 } = policy.weights
        const sum = cost * c.scores.cost + quality * c.scores.quality + latency * c.scores.latency + carbon * (c.scores.carbon ?? 0)
        const lacks = c.quotaLeft === null ? 0 : Math.max(0, 0.5 * (1 - c.quotaLeft / 0.1))
        expect(c.score).toBeCloseTo(sum / (cost + quality + latency + carbon || 1) - lacks, 8)
      }
    }),
  )
})
