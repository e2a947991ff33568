import { expect, it, onTestFinished } from 'vitest'
import { newPlace } from './run-cli.js'

it('the last call is the last that somebody made, not one that checked a simulation: feedback on it would teach nothing', async () => {
  const place = newPlace()
  onTestFinished(() => place.remove())
  await place.cli(['ask', 'Name three primes.'])
  const asked = JSON.parse((await place.cli(['log', '--json'])).out)
  const verified = await place.cli(['simulate', '--preset', 'economy', '--verify', '1', '--max-usd', '1'])
  expect(verified.code).toBe(0)
  expect(JSON.parse((await place.cli(['log', '--json'])).out)).toHaveLength(2)
  expect(JSON.parse((await place.cli(['explain', 'last', '--json'])).out)).toMatchObject({ call: { id: asked[0].id } })
  expect((await place.cli(['feedback', 'last', 'good'])).out).toContain(asked[0].id)
})
