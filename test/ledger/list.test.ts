import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CallFilter, CallRow } from '../../src/ledger/index.js'
import { NOON, sampleAttempt, sampleOpen, sampleSettle, scratchLedger } from './sample.js'

const HOUR = 3_600_000

it('finds the same calls whatever way it takes to them', async () => {
  const ledger = await scratchLedger()
  const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T
  for (let i = 0; i < 120; i++) {
    const open = sampleOpen({
      // Not in the order of time, as after an import.
      decidedAtMs: NOON + ((i * 7919) % 50) * HOUR + i,
      session: `s${i % 7}`,
      profile: pick(['balanced', 'quality', 'rare'], i % 40 === 3 ? 2 : i % 2),
      task: pick(['chat', 'code'], Math.floor(i / 3)),
      client: pick(['a', 'b'], Math.floor(i / 5)),
      key: pick([null, 'k'], i),
      ...(i % 11 === 0 ? { source: 'import:jsonl' } : {}),
    })
    await ledger.open(open)
    if (i % 13 === 0) continue
    const model = pick(['m/1', 'm/2'], Math.floor(i / 2))
    const status = i % 10 === 0 ? 'error' : 'ok'
    await ledger.settle(sampleSettle(open.id, { model, status, attempts: [sampleAttempt({ model })] }))
  }
  const all = ledger.listCalls({})
  expect(all).toHaveLength(120)
  expect(all.map((c) => c.decidedAtMs)).toEqual(all.map((c) => c.decidedAtMs).toSorted((a, b) => b - a))

  const time = fc.integer({ min: NOON - HOUR, max: NOON + 51 * HOUR })
  const filters = fc.record(
    {
      since: time,
      until: time,
      limit: fc.integer({ min: 0, max: 130 }),
      status: fc.constantFrom('ok', 'error', 'running', 'cancelled'),
      model: fc.constantFrom('m/1', 'm/2', 'm/3'),
      task: fc.constantFrom('chat', 'code'),
      profile: fc.constantFrom('balanced', 'quality', 'rare'),
      client: fc.constantFrom('a', 'b'),
      key: fc.constant('k'),
      session: fc.constantFrom('s1', 's2', 'none'),
      source: fc.constantFrom(null, 'import:jsonl'),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(filters, (filter) => {
      const expected = all.filter((c) => meets(c, filter as CallFilter)).slice(0, filter.limit ?? 1000)
      expect(ledger.listCalls(filter as CallFilter).map((c) => c.id)).toEqual(expected.map((c) => c.id))
    }),
    { numRuns: 300 },
  )
})

function meets(call: CallRow, { since = 0, until = Number.POSITIVE_INFINITY, limit: _, ...words }: CallFilter): boolean {
  if (call.decidedAtMs < since || call.decidedAtMs >= until) return false
  return Object.entries(words).every(([name, word]) => word === undefined || call[name as keyof CallRow] === word)
}
