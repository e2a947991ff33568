import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cellWidth } from '../../src/kit/index.js'
import { type Ledger, openLedger } from '../../src/ledger/index.js'
import { type Feed, ledgerFeed, oneFrame, palette } from '../../src/monitor/index.js'
import { whatIf } from '../../src/monitor/what-if.js'
import { newPlace, type Place } from '../cli/run-cli.js'

const NOBODY = { daemon: null, health: new Map() }

describe('the monitor’s view of a ledger', () => {
  let place: Place
  let ledger: Ledger
  let feed: Feed
  let now = Date.now()

  beforeAll(async () => {
    place = newPlace()
    for (const prompt of ['Name three primes.', 'Prove that there are infinitely many primes.'])
      await place.cli(['ask', '--sandbox', prompt])
    ledger = await openLedger(place.db, { readonly: true })
    feed = ledgerFeed({ ledger, daemonNow: () => NOBODY, palette: palette(0), whatIf: async () => null, now: () => now })
  })
  afterAll(async () => {
    await ledger.close()
    place.remove()
  })

  it('shows recorded calls, newest first, and what they add up to', () => {
    const { calls, today, month, models, trend, baselines, callsPerMinute, overhead } = feed.read()
    expect(calls.map(({ task }) => task)).toEqual(['math', expect.any(String)])
    const spent = calls.reduce((sum, { costNano }) => sum + (costNano ?? 0), 0)
    expect(today).toMatchObject({ calls: 2, costNano: spent, unpriced: 0 })
    expect(month).toEqual(today)
    expect(models.reduce((sum, { costNano }) => sum + costNano, 0)).toBe(spent)
    expect(trend).toHaveLength(48)
    expect(trend.at(-1)).toBe(spent)
    expect(baselines).toEqual(['sandbox/thinker'])
    expect(callsPerMinute).toBe(2)
    expect(overhead.p50Ms).toBeGreaterThan(0)
  })

  it('is the same object while nothing happens, and another when the second or the ledger has changed', async () => {
    const first = feed.read()
    expect(feed.read()).toBe(first)
    now += 1000
    expect(feed.read()).not.toBe(first)
    await place.cli(['ask', '--sandbox', 'Translate to French: good morning'])
    now += 1000
    const { calls, today } = feed.read()
    expect(calls[0]?.task).toBe('translation')
    expect(today.calls).toBe(3)
  })

  it('explains a call from what was recorded', () => {
    const [call] = feed.read().calls
    const text = feed.explain(call?.id ?? '', 100).join('\n')
    expect(text).toMatch(/answered by sandbox\/\w+/)
    expect(text).toMatch(/Reason +simple translation/)
    for (const width of [16, 40, 80, 100]) {
      const lines = feed.explain(call?.id ?? '', width)
      for (const line of lines) expect(cellWidth(line), line).toBeLessThanOrEqual(width)
      expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('needs nothing special')
    }
    expect(feed.explain('nothing', 100)).toEqual(['This call is no longer in the ledger.'])
  })

  it('decides the day again under other weights', () => {
    const cheap = whatIf(ledger, { cost: 1, quality: 0, latency: 0 }, 0)
    expect(cheap).toMatchObject({ calls: 3, evidence: expect.stringMatching(/weak|insufficient/) as string })
    expect(cheap?.simulatedUsd).toBeLessThanOrEqual(cheap?.actualUsd ?? 0)
    expect(whatIf(ledger, { cost: 1, quality: 0, latency: 0 }, Date.now() + 86_400_000)).toBeNull()
  })

  it('draws one frame as text', async () => {
    const frame = await oneFrame({ ledger: place.db, colours: 0, columns: 100, rows: 30 })
    expect(frame).toMatch(/today \$0\.\d+/)
    expect(frame).toMatch(/sandbox\/\w+ +math/)
    for (const line of frame.split('\n')) expect([...line].length).toBeLessThanOrEqual(100)
  })
})
