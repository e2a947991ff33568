import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NOON, sampleOpen, sampleSettle, scratchFolder, scratchLedger } from './sample.js'

const day = 'key:ci/2026-11-02'

it('parallel calls of several processes cannot pass a budget', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const ledgers = [await scratchLedger({ path, busyMs: 500 }), await scratchLedger({ path, busyMs: 500 })]
  const calls = Array.from({ length: 200 }, () => sampleOpen({ reservations: [{ scope: day, amount: 1_000_000, limit: 50_500_000 }] }))
  const results = await Promise.allSettled(calls.map((call, i) => ledgers[i % 2]?.open(call)))
  const refused = results.flatMap((r) => (r.status === 'rejected' ? [r.reason] : []))
  expect(refused).toHaveLength(150)
  expect(refused[0]).toMatchObject({ code: 'E_BUDGET', param: day })
  expect(ledgers[0]?.budgets([day, 'unused'])).toEqual([
    { scope: day, spent: 0, reserved: 50_000_000 },
    { scope: 'unused', spent: 0, reserved: 0 },
  ])
  expect(ledgers[0]?.counts().calls).toBe(50)
})

it('turns a reservation into what the call cost, and an interrupted one into all of it', async () => {
  const ledger = await scratchLedger()
  const reservations = [
    { scope: day, amount: 900_000 },
    { scope: 'total', amount: 900_000 },
  ]
  const [done, unpriced, lost] = [sampleOpen({ reservations }), sampleOpen({ reservations }), sampleOpen({ reservations })]
  for (const call of [done, unpriced]) await ledger.open(call)
  await ledger.settle(sampleSettle(done.id))
  await ledger.settle(sampleSettle(unpriced.id, { costNano: null }))
  expect(ledger.budgets([day])).toEqual([{ scope: day, spent: 245_000, reserved: 0 }])

  ledger.startRun({ appVersion: '0.1.0', engine: 1, startedAt: NOON })
  await ledger.open(lost)
  await ledger.close()
  const next = await scratchLedger({ path: ledger.path })
  next.markInterrupted(NOON)
  expect(next.budgets([day, 'total'])).toEqual([day, 'total'].map((scope) => ({ scope, spent: 245_000 + 900_000, reserved: 0 })))
  expect([...next.replay()].flat().flatMap((e) => (e.kind === 'decided' ? [e.reservations] : []))).toEqual([
    reservations,
    reservations,
    reservations,
  ])
})

it('a session that came with a refused call comes again with the next one', async () => {
  const ledger = await scratchLedger()
  const refused = sampleOpen({ session: 'new', reservations: [{ scope: day, amount: 2, limit: 1 }] })
  await expect(ledger.open(refused)).rejects.toMatchObject({ code: 'E_BUDGET' })
  const taken = sampleOpen({ session: 'new' })
  await ledger.open(taken)
  expect(ledger.getCall(taken.id)?.call.session).toBe('new')
})
