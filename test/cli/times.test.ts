import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { formatMoment } from '../../src/kit/index.js'
import { newPlace, type Place } from './run-cli.js'

function written(place: Place, text: string): string {
  const path = join(place.folder, 'calls.jsonl')
  writeFileSync(path, text)
  return path
}

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

it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kathmandu'])(
  'splits a simulation into the days of a report, in %s',
  async (zone) => {
    const place = placeIn(zone)
    // An hour from the end of a day in UTC, and a quarter of an hour from it in Nepal.
    const times = ['2026-11-01T18:10:00Z', '2026-11-01T18:20:00Z', '2026-11-01T23:00:00Z', '2026-11-02T09:00:00Z', '2026-11-02T12:00:00Z']
    const calls = times.map((time) =>
      JSON.stringify({ time, model: 'openai/gpt-5-mini', prompt: time, usage: { input: 1000, output: 100 } }),
    )
    expect(await place.cli(['import', 'jsonl', written(place, calls.join('\n'))])).toMatchObject({ code: 0 })
    const days = async (...args: string[]) => JSON.parse((await place.cli([...args, '--json'])).out)
    const { groups } = (await days('report', '--by', 'day', '--since', '2026-10-30')) as { groups: { name: string; calls: number }[] }
    const { byDay } = (await days('simulate', '--preset', 'economy')) as { byDay: { day: string; calls: number }[] }
    expect(byDay.map(({ day, calls: n }) => [day, n])).toEqual(groups.map(({ name, calls: n }) => [name, n]))
  },
)

it('says in local time when the answers of a batch are wanted', async () => {
  const place = placeIn('Asia/Kathmandu')
  await place.cli(['batch', 'submit', '--deadline', '24h'], { stdin: 'hello\n' })
  const [job] = JSON.parse((await place.cli(['batch', 'status', '--json'])).out) as [{ deadlineAt: string }]
  expect((await place.cli(['batch', 'status'], { columns: 200 })).out).toContain(formatMoment(Date.parse(job.deadlineAt)))
})
