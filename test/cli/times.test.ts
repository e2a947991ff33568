import { expect, it, onTestFinished } from 'vitest'
import { newPlace } from './run-cli.js'

it.each([
  ['2026-01-15', '2026-01-15T08:00:00.000Z'],
  ['2026-01', '2026-01-01T08:00:00.000Z'],
  ['2026-01-15T10:00', '2026-01-15T18:00:00.000Z'],
  ['2026-01-15T10:00Z', '2026-01-15T10:00:00.000Z'],
])('reads %s in the time zone that days are shown in', async (since, utc) => {
  const { TZ } = process.env
  const place = newPlace()
  onTestFinished(() => {
    place.remove()
    if (TZ === undefined) delete process.env.TZ
    else process.env.TZ = TZ
  })
  process.env.TZ = 'America/Los_Angeles'
  const { out } = await place.cli(['report', '--since', since, '--json'])
  expect((JSON.parse(out) as { since: string }).since).toBe(utc)
})
