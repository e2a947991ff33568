import { expect, it, onTestFinished } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

function placeIn(zone: string): Place {
  const { TZ } = process.env
  const place = newPlace()
  onTestFinished(() => {
    place.remove()
    if (TZ === undefined) delete process.env.TZ
    else process.env.TZ = TZ
  })
  process.env.TZ = zone
  return place
}

it.each([
  ['2026-01-15', '2026-01-15T08:00:00.000Z'],
  ['2026-01', '2026-01-01T08:00:00.000Z'],
  ['2026-01-15T10:00', '2026-01-15T18:00:00.000Z'],
  ['2026-01-15T10:00Z', '2026-01-15T10:00:00.000Z'],
])('reads %s in the time zone that days are shown in', async (since, utc) => {
  const place = placeIn('America/Los_Angeles')
  const { out } = await place.cli(['report', '--since', since, '--json'])
  expect((JSON.parse(out) as { since: string }).since).toBe(utc)
})

it('names the days of a report as they were given', async () => {
  const place = placeIn('Asia/Tokyo')
  await place.cli(['ask', 'Name three primes.'])
  expect((await place.cli(['report', '--since', '2026-01-15'])).out).toContain(', 2026-01-15 to ')
})
