import { expect, it } from 'vitest'
import { sampleAttempt, sampleOpen, sampleSettle, scratchLedger } from './sample.js'

it('replays decisions, settlements and outcomes in the order in which they happened', async () => {
  const ledger = await scratchLedger()
  ledger.startRun({ appVersion: '0.1.0', engine: 7, startedAt: 1 })
  const [a, b, c] = [sampleOpen({ session: 'a' }), sampleOpen({ session: 'b' }), sampleOpen({ session: 'c' })]
  await ledger.open(a)
  await ledger.open(b)
  await ledger.attempt(a.id, sampleAttempt({ n: 1, outcome: 'timeout' }))
  await ledger.settle(sampleSettle(b.id))
  await ledger.open(c)
  await ledger.outcome({ call: b.id, kind: 'feedback', value: 1, note: 'fine', atMs: 5 })
  await ledger.settle(sampleSettle(a.id, { status: 'error', attempts: [sampleAttempt({ n: 2 })] }))

  for (const page of [1, 2, 2000]) {
    const events = [...ledger.replay({ page })].flat()
    expect(events.map((e) => e.seq)).toEqual(events.map((e) => e.seq).toSorted((x, y) => x - y))
    const seqOf = new Map(events.filter((e) => e.kind === 'decided').map((e) => [e.seq, e.session]))
    expect(events.map((e) => (e.kind === 'decided' ? `decided ${e.session}` : `${e.kind} ${seqOf.get(e.call)}`))).toEqual([
      'decided a',
      'decided b',
      'settled b',
      'decided c',
      'outcome b',
      'settled a',
    ])
    const first = events[0]
    expect(first?.kind === 'decided' && [first.engine, Buffer.from(first.plan).toString(), first.stateHash]).toEqual([
      7,
      'plan',
      a.stateHash,
    ])
    const last = events[5]
    expect(last?.kind === 'settled' && last.attempts.map((x) => x.n)).toEqual([1, 2])
  }
})

it('gives a range of the order', async () => {
  const ledger = await scratchLedger()
  const seqs: number[] = []
  for (let i = 0; i < 4; i++) {
    const open = sampleOpen()
    seqs.push(await ledger.open(open))
    await ledger.settle(sampleSettle(open.id))
  }
  const events = [...ledger.replay({ fromSeq: seqs[1] ?? 0, untilSeq: seqs[3] ?? 0 })].flat()
  expect(events.map((e) => e.kind)).toEqual(['decided', 'settled', 'decided', 'settled'])
})
