import { afterEach, beforeEach, expect, it } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

let place: Place

beforeEach(async () => {
  place = newPlace()
  expect((await place.cli(['ask', 'Name three primes.'])).code).toBe(0)
})
afterEach(() => place.remove())

const PRUNE = ['prune', '--older-than', '0d']
const calls = async (): Promise<number> => JSON.parse((await place.cli(['log', '--json'])).out).length

it('prune asks on a terminal before it deletes', async () => {
  const refused = await place.cli(PRUNE, { keys: 'n' })
  expect(refused.out).toContain('Delete all calls from before')
  expect(refused).toMatchObject({ code: 130, err: expect.stringContaining('Nothing was deleted.') })
  expect(await calls()).toBe(1)
  expect((await place.cli(PRUNE, { keys: 'y' })).out).toContain('Deleted 1 call')
  expect(await calls()).toBe(0)
})

it('prune asks nothing with --yes, nor where nobody could answer', async () => {
  const yes = await place.cli([...PRUNE, '--bodies', '--yes'], { keys: '' })
  expect(yes.out).toBe('Deleted the text of 1 call.\n')
  expect(await calls()).toBe(1)
  expect((await place.cli(PRUNE)).out).toContain('Deleted 1 call')
  expect(await place.cli(['log', '--json'])).toMatchObject({ code: 3, out: '[]\n' })
  const pruned = 'llmroute: All calls of this ledger were pruned. Their sums are in `llmroute report`.\n'
  expect(await place.cli(['log'])).toMatchObject({ code: 3, out: '', err: pruned })
  expect(await place.cli(['log', '--limit', '5'])).toMatchObject({ code: 0, out: 'No call matches.\n' })
})
