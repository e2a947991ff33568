import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

/** A program that reads `--json` gets one document from an empty ledger, too; the exit code says that there was nothing. */
describe('an empty ledger', () => {
  let place: Place
  beforeAll(() => {
    place = newPlace()
  })
  afterAll(() => place.remove())

  it.each<[string[], unknown]>([
    [['log'], []],
    [['export'], []],
    [['report', '--by', 'day'], { calls: 0, costUsd: 0, by: 'day', baselines: [], groups: [], overProvisioned: [], escalationRate: 0 }],
    [['report', '--forecast'], { empty: true }],
    [['simulate'], { calls: 0, policy: null, actual: { costUsd: 0, quality: null }, byModel: [], evidence: 'insufficient', others: [] }],
    [['simulate', '--preset', 'economy'], { calls: 0, policy: 'economy', savings: { usd: 0, fraction: 0 } }],
    [['simulate', '--sweep'], { points: [], recommended: null }],
    [['explain', 'last'], { empty: true, reason: expect.stringContaining('holds no calls yet') }],
    [['feedback', 'last', 'good'], { empty: true }],
    [['status'], { running: false }],
    [['train'], { empty: true }],
    [['prune', '--older-than', '90d'], { empty: true }],
  ])('%j', async (args, document) => {
    const { code, out, err } = await place.cli([...args, '--json'])
    expect(code).toBe(3)
    expect(err).toMatch(/^llmroute: .*\.\n$/)
    const shown = JSON.parse(out) as unknown
    if (Array.isArray(document)) expect(shown).toEqual(document)
    else expect(shown).toMatchObject(document as object)
    const plain = await place.cli(args)
    expect(plain).toEqual({ code: 3, out: '', err })
  })

  it('has a path all the same, which a script can use as it is', async () => {
    const { code, out } = await place.cli(['ledger', 'path'])
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^\/.*\.db\n$/) })
    expect(JSON.parse((await place.cli(['ledger', 'path', '--json'])).out)).toEqual({ path: out.trim() })
  })

  it('has the fields of a report that has calls', async () => {
    const none = JSON.parse((await place.cli(['report', '--json'])).out) as object
    const other = newPlace()
    await other.cli(['ask', '--sandbox', 'Name three primes.'])
    const some = JSON.parse((await other.cli(['report', '--json'])).out) as object
    other.remove()
    expect(Object.keys(none)).toEqual(Object.keys(some))
  })
})
