import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seededRandom } from '../../src/kit/index.js'
import { comparePrompt, readPreference, verdictOf } from '../../src/policy/index.js'
import { type CallToCheck, drawAffordable, drawSample, type Rerun, runSample } from '../../src/simulate/index.js'
import { estimateTotal, t975 } from '../../src/simulate/verify/estimate-total.js'

const NOBODY = new AbortController().signal

function callTo(to: string, id: string, sd: number): CallToCheck {
  const other = {
    model: to,
    cost: 0,
    outputCost: sd,
    promptCost: 0,
    cacheSaving: 0,
    cacheRead: null,
    cacheVariance: 0,
    latencyMs: null,
    quality: null,
  }
  return {
    ...{ id, seq: 0, entries: 1, from: 'a', to, task: 'qa', other: { ...other, exact: false, longer: 0, seen: null } },
    ...{ answerCost: sd, promptCost: 0, promptTokens: 1, answerTokens: 1, referenceTokens: 1, qualityChange: null, sd },
  }
}

const arbitraryCalls = fc
  .array(fc.record({ to: fc.constantFrom('m1', 'm2', 'm3', 'm4'), sd: fc.double({ min: 0, max: 1e6, noNaN: true }) }), {
    minLength: 1,
    maxLength: 120,
  })
  .map((list) => list.map(({ to, sd }, i) => callTo(to, `c${i}`, sd)))

it('draws each call at most once, every call being in one stratum, at least two of a stratum where it has two', () => {
  fc.assert(
    fc.property(arbitraryCalls, fc.integer({ min: 1, max: 150 }), fc.integer(), (calls, wanted, seed) => {
      const { strata, order } = drawSample(calls, wanted, seed)
      expect(strata.flatMap((s) => s.members.map((m) => m.id)).sort()).toEqual(calls.map((c) => c.id).sort())
      expect(new Set(order.map((d) => d.call.id)).size).toBe(order.length)
      for (const [h, { members, drawn }] of strata.entries()) {
        expect(drawn).toBeGreaterThanOrEqual(Math.min(2, members.length))
        expect(order.filter((d) => d.stratum === h)).toHaveLength(drawn)
        for (const d of order.filter((o) => o.stratum === h)) expect(members).toContain(d.call)
      }
      expect(order.length).toBeLessThanOrEqual(Math.max(wanted, 2 * strata.length))
    }),
  )
})

it('draws most where the estimate is most uncertain', () => {
  const calls = [
    ...Array.from({ length: 400 }, (_, i) => callTo('sure', `s${i}`, 1)),
    ...Array.from({ length: 400 }, (_, i) => callTo('unsure', `u${i}`, 9)),
  ]
  const { order } = drawSample(calls, 100, 1)
  expect(order).toHaveLength(100)
  expect(order.filter((d) => d.call.to === 'unsure').length).toBe(90)
})

it('expects no more than the cap of what it draws', () => {
  fc.assert(
    fc.property(arbitraryCalls, fc.integer({ min: 1, max: 150 }), fc.double({ min: 0.1, max: 60, noNaN: true }), (calls, wanted, cap) => {
      const { order } = drawAffordable(calls, wanted, { cost: () => 1, cap, seed: 7 })
      expect(order.length).toBeLessThanOrEqual(cap)
    }),
  )
})

/** A cap as the ledger keeps it: what is set aside counts until it is turned into what was spent. */
function cappedAsker(cap: number, costs: (id: string) => { readonly bound: number; readonly cost: number }) {
  const money = { spent: 0, reserved: 0, most: 0 }
  const ask = async (id: string): Promise<Rerun> => {
    const { bound, cost } = costs(id)
    if (money.spent + money.reserved + bound > cap) return { kind: 'capped' }
    money.reserved += bound
    money.most = Math.max(money.most, money.spent + money.reserved)
    await new Promise((resolve) => setImmediate(resolve))
    money.reserved -= bound
    money.spent += cost
    return { kind: 'answered', id, promptTokens: 1, answerTokens: 1, cut: false, costNano: cost, verdict: null }
  }
  return { money, ask }
}

it('ends with all asked, or with nothing that would still fit alone, and never passes the cap', async () => {
  const costs = fc.array(fc.record({ bound: fc.integer({ min: 1, max: 50 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    minLength: 1,
    maxLength: 40,
  })
  await fc.assert(
    fc.asyncProperty(costs, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 6 }), async (list, cap, parallel) => {
      const order = list.map((_, i) => ({ stratum: 0, call: callTo('m', String(i), 1) }))
      const costOf = (id: string) => {
        const { bound = 1, share = 1 } = list[Number(id)] ?? {}
        return { bound, cost: Math.floor(bound * share) }
      }
      const { money, ask } = cappedAsker(cap, costOf)
      const { ran, stopped } = await runSample({ strata: [], order }, ({ call }) => ask(call.id), { parallel, signal: NOBODY })
      expect(money.most).toBeLessThanOrEqual(cap)
      expect(money.reserved).toBe(0)
      expect(ran.reduce((sum, { result }) => sum + (result.costNano ?? 0), 0)).toBe(money.spent)
      if (stopped === null) expect(ran).toHaveLength(list.length)
      else expect(ran.length).toBeLessThan(list.length)
    }),
  )
})

it('keeps what was done when interrupted, and gives up where nobody answers', async () => {
  const order = Array.from({ length: 50 }, (_, i) => ({ stratum: 0, call: callTo('m', String(i), 1) }))
  const person = new AbortController()
  const { ask } = cappedAsker(1e9, () => ({ bound: 1, cost: 1 }))
  const half = await runSample({ strata: [], order }, ({ call }) => ask(call.id), {
    parallel: 4,
    signal: person.signal,
    onDone: ({ call }) => call.id === '19' && person.abort(),
  })
  expect(half.stopped).toMatch(/interrupted/)
  expect(half.ran.length).toBeGreaterThanOrEqual(20)
  expect(half.ran.length).toBeLessThan(30)
  const none = await runSample({ strata: [], order }, () => Promise.reject(new Error('no key')), { parallel: 2, signal: NOBODY })
  expect(none.stopped).toMatch(/no key/)
  expect(none.ran.length).toBeLessThan(10)
})

it('covers the true total in about 95 of 100 samples, also where errors go with size', () => {
  const random = seededRandom(3)
  const population = Array.from({ length: 600 }, (_, i) => {
    const size = Math.exp(3 * random())
    return { call: callTo(i % 3 === 0 ? 'm1' : 'm2', `c${i}`, size), e: size * ((i % 3 === 0 ? 0.8 : -0.2) + 0.5 * (random() - 0.5)) }
  })
  const truth = population.reduce((sum, p) => sum + p.e, 0)
  const errorOf = new Map(population.map((p) => [p.call.id, p.e]))
  let inside = 0
  for (let seed = 0; seed < 200; seed++) {
    const { strata, order } = drawSample(
      population.map((p) => p.call),
      80,
      seed,
    )
    const { value, variance, freedom } = estimateTotal(
      strata.map(({ name, members }, h) => ({
        group: name.replace(/, .*/, ''),
        calls: members.length,
        known: members.reduce((sum, m) => sum + m.sd, 0),
        drawn: order.filter((d) => d.stratum === h).map(({ call }) => ({ x: call.sd, e: errorOf.get(call.id) ?? 0 })),
      })),
    )
    if (Math.abs(value - truth) <= t975(freedom) * Math.sqrt(variance)) inside++
  }
  expect(inside).toBeGreaterThanOrEqual(180)
})

it('has the quantiles of Student’s t', () => {
  // Tables: 2.228 at 10, 2.042 at 30, 1.984 at 100 degrees of freedom.
  expect([10, 30, 100].map((df) => Number(t975(df).toFixed(3)))).toEqual([2.228, 2.042, 1.984])
})

it('hears only what a judge says both ways', () => {
  expect(verdictOf('B', 'A')).toBe('better')
  expect(verdictOf('A', 'B')).toBe('worse')
  for (const both of ['A', 'B', 'tie'] as const) expect(verdictOf(both, both)).toBe('same')
  expect(verdictOf('tie', 'A')).toBe('same')
  expect(verdictOf(null, 'A')).toBeNull()
  expect(readPreference('I think {"better": "b"} is right')).toBe('B')
  expect(readPreference('neither')).toBeNull()
  expect(comparePrompt('q', 'one', 'two')).not.toMatch(/recorded|other model/)
})
