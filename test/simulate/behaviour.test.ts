import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/index.js'
import { asLogged, type Simulation, simulate, withModels } from '../../src/simulate/index.js'
import { type Nature, servedWorld, type Talk, TTL_MS } from './made-up-world.js'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** Long enough to be cached. */
const LONG = 'word '.repeat(1500)

/** What a log says of its talks had one model answered all of them. */
async function predicted(
  natures: Readonly<Record<string, Nature>>,
  talks: readonly Talk[],
  model: string,
  quick = false,
): Promise<Simulation> {
  const { ledger, end } = await servedWorld(natures, talks)
  ends.push(end)
  const [result] = simulate(ledger, [withModels(asLogged(), [`lab/${model}`])], { includePinned: true, quick })
  if (result === undefined) throw new Error('nothing was simulated')
  return result
}

/** What the same talks really came to when that model answered all of them. */
async function really(natures: Readonly<Record<string, Nature>>, talks: readonly Talk[], model: string): Promise<Simulation['actual']> {
  const { ledger, end } = await servedWorld(
    natures,
    talks.map((talk) => ({ ...talk, models: [`lab/${model}`] })),
  )
  ends.push(end)
  const [result] = simulate(ledger, [asLogged()], { quick: true })
  if (result === undefined) throw new Error('nothing was simulated')
  return result.actual
}

const by = (model: string, n: number, turns: number, more: Partial<Talk> = {}): readonly Talk[] =>
  Array.from({ length: n }, (_, i) => ({ session: `${model} ${i}`, models: [`lab/${model}`], turns, first: i, ...more }))

describe('how long answers stay in a conversation', () => {
  it('is measured: thoughts that clients leave out do not make later prompts longer, what is read again does', async () => {
    const natures = { plain: {}, thinker: { verbosity: 5, shown: 0.2 }, wordy: { verbosity: 5 } }
    const models = Object.keys(natures)
    const talks = models.flatMap((model) => by(model, 9, 9))
    const { ledger, end } = await servedWorld(natures, talks)
    ends.push(end)
    const alternatives = models.map((model) => withModels(asLogged(), [`lab/${model}`]))
    const costs = simulate(ledger, alternatives, { includePinned: true, quick: true }).map((s) => s.simulated.cost.value)
    const real = await Promise.all(models.map(async (model) => (await really(natures, talks, model)).cost))
    for (const [i, cost] of costs.entries()) expect(Math.abs(cost / (real[i] ?? 0) - 1)).toBeLessThan(0.04)
    const [, read = 0, readAgain = 0] = real
    const [, thought = 0, said = 0] = costs
    expect(readAgain).toBeGreaterThan(1.15 * read)
    expect(said - thought).toBeGreaterThan((readAgain - read) / 2)
  })
})

describe('how often a cache is found', () => {
  const half = (nth: number): boolean => nth % 2 === 0
  const never = (): boolean => false
  const always = (): boolean => true
  const cached = (model: string): readonly Talk[] => by(model, 8, 8, { system: `${model} ${LONG}` })

  it.each([
    ['half of the time', half],
    ['never', never],
  ])('a model whose cache was never looked at is expected to be like the others, which were found %s', async (_, finds) => {
    const natures = { one: { finds }, two: { finds }, unseen: { finds } }
    const talks = [...cached('one'), ...cached('two'), ...by('unseen', 9, 1)]
    const { simulated } = await predicted(natures, talks, 'unseen')
    const real = await really(natures, talks, 'unseen')
    const found = await really({ unseen: { finds: always } }, talks, 'unseen')
    // What a router guesses beforehand, nine of ten, is left behind for the greater part.
    expect(Math.abs(simulated.cost.value - real.cost)).toBeLessThan(0.4 * (real.cost - found.cost))
  })

  it('what was seen of a model itself counts more than what the others did', async () => {
    const natures = { one: { finds: never }, two: { finds: always } }
    const talks = [...cached('one'), ...cached('two')]
    const [one, two] = [await predicted(natures, talks, 'one'), await predicted(natures, talks, 'two')]
    const [realOne, realTwo] = [await really(natures, talks, 'one'), await really(natures, talks, 'two')]
    for (const [{ simulated }, real] of [
      [one, realOne],
      [two, realTwo],
    ] as const)
      expect(Math.abs(simulated.cost.value - real.cost)).toBeLessThan(0.1 * (realOne.cost - realTwo.cost))
  })
})

describe('a call that stays with its model but finds another cache', () => {
  const natures = { one: { msPerPromptToken: 2 }, two: { msPerPromptToken: 2 } }
  const pauseMs = 0.7 * TTL_MS
  // Where every other turn is another model's, the cache is gone by the time it is a model's turn again.
  const talks: readonly Talk[] = [
    ...by('one', 4, 12, { system: `one ${LONG}`, pauseMs }),
    ...Array.from({ length: 8 }, (_, i) => ({
      session: `both ${i}`,
      models: ['lab/one', 'lab/two'],
      turns: 12,
      system: `${i} ${LONG}`,
      pauseMs,
    })),
  ]

  it('waits for what is read anew, as it really would', async () => {
    const { simulated, actual } = await predicted(natures, talks, 'one')
    const real = await really(natures, talks, 'one')
    const [before, after, truth] = [actual, simulated, real].map(({ p50Ms }) => p50Ms ?? Number.NaN) as [number, number, number]
    expect(before).toBeGreaterThan(2 * truth)
    expect(Math.abs(after / truth - 1)).toBeLessThan(0.1)
    expect(Math.abs(simulated.cost.value / real.cost - 1)).toBeLessThan(0.05)
  })
})

describe('an interval', () => {
  const natures = { known: {}, rare: { verbosity: 2 } }
  const talks = [...by('known', 20, 20), ...by('rare', 2, 2)]
  const width = ({ value, low, high }: Simulation['simulated']['cost']): number => (high - low) / value
  const costOfRare = (ledger: Ledger, quick = false): Simulation['simulated']['cost'] => {
    const [result] = simulate(ledger, [withModels(asLogged(), ['lab/rare'])], { includePinned: true, quick })
    return result?.simulated.cost ?? expect.fail('nothing was simulated')
  }

  let world: Awaited<ReturnType<typeof servedWorld>>
  let followed: Simulation['simulated']['cost']
  beforeAll(async () => {
    world = await servedWorld(natures, talks)
    followed = costOfRare(world.ledger)
  })
  afterAll(() => world.end())

  it('has no width where calls stay as they were', () => {
    const [result] = simulate(world.ledger, [asLogged()])
    const cost = result?.actual.cost
    expect(result?.simulated.cost).toEqual({ value: cost, low: cost, high: cost })
  })

  it('of spend ends at nothing, however little is known', async () => {
    const { simulated, actual, savings } = await predicted(
      { known: { verbosity: 50 }, rare: {} },
      [...by('known', 2, 1), ...by('rare', 1, 1)],
      'rare',
      true,
    )
    expect(simulated.cost.low).toBe(0)
    expect(savings.high).toBe(actual.cost)
  })

  it('is wider where the policy is followed with drawn models, since longer answers make longer conversations', () => {
    const direct = costOfRare(world.ledger, true)
    expect(followed.value).toBe(direct.value)
    expect(followed.low).toBeLessThan(direct.low)
    expect(followed.high).toBeGreaterThan(direct.high)
  })

  it('is narrower where a model was seen more often, and the same every time', async () => {
    const { ledger, end } = await servedWorld({ known: {}, rare: {} }, [...by('known', 20, 20), ...by('rare', 20, 20)])
    ends.push(end)
    const often = costOfRare(ledger)
    expect(width(often)).toBeLessThan(width(followed) / 2)
    expect(costOfRare(ledger)).toEqual(often)
  })
})
