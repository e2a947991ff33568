import { afterAll, beforeAll, expect, it } from 'vitest'
import { picoFromUsdPerMTok } from '../../src/kit/index.js'
import { type Alternative, asLogged, simulate, withModels, withPrice } from '../../src/simulate/index.js'
import { servedWorld } from './made-up-world.js'

let log: Awaited<ReturnType<typeof servedWorld>>

beforeAll(async () => {
  log = await servedWorld({ one: {}, two: { verbosity: 1.4, finds: (nth) => nth % 3 !== 0 } }, [
    { session: 'named', models: ['lab/one', 'lab/two'], turns: 8, system: 'Word by word. '.repeat(500) },
    { session: 'auto', models: ['auto'], turns: 8, system: 'Step by step. '.repeat(500) },
  ])
})
afterAll(() => log.end())

/** All models at `times` their price. */
function priced(base: Alternative, times: number): Alternative {
  const at = (usd: number) => picoFromUsdPerMTok(usd * times)
  return withPrice(withPrice(base, 'lab/one', at(1), at(4)), 'lab/two', at(1), at(4))
}

it.each([1, 2, 0])(
  'tokens that are known cost exactly %s times as much at so many times the price, also of calls that named their model',
  (times) => {
    const [result] = simulate(log.ledger, [priced(asLogged(), times)])
    const { cost } = result?.actual ?? { cost: Number.NaN }
    expect(result).toMatchObject({ calls: 16, changed: 0, errors: { measured: { calls: 16, cost: times * cost } } })
    expect(result?.simulated.cost).toEqual({ value: times * cost, low: times * cost, high: times * cost })
  },
)

it('calls that named a model keep it, and pay the price that is asked about, where the pool is narrowed too', () => {
  const [plain, dear] = simulate(log.ledger, [withModels(asLogged(), ['lab/one']), withModels(priced(asLogged(), 3), ['lab/one'])])
  const two = (of: typeof plain) => of?.byModel.find(({ model }) => model === 'lab/two')
  expect(two(plain)?.simulatedCalls).toBe(4)
  expect(two(dear)?.simulatedCost).toBe(3 * (two(plain)?.simulatedCost ?? Number.NaN))
})
