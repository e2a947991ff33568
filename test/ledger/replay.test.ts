import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { NOON, sampleAttempt, sampleOpen, sampleSettle, scratchLedger } from './sample.js'

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

it('reads the same from columns as from their packed form, and believes the columns', async () => {
  const ledger = await scratchLedger()
  const open = sampleOpen({
    tags: ['x'],
    breakpoints: [1],
    limit: 100,
    key: 'ci',
    tier: 'gold',
    tzMin: -330,
    stateHash: 'not hex',
    parentCall: 'p',
  })
  await ledger.open(open)
  await ledger.open(sampleOpen({ session: null, prefixes: [] }))
  const attempts = [
    sampleAttempt({ n: 1, outcome: 'error', errorCode: 'overloaded', status: 529, retryAfterMs: 1500, endMs: 0.123_456, costNano: null }),
    sampleAttempt({ n: 2, t0: NOON + 0.5, splices: [{ kind: 'include-usage' }], costNano: 8_999_999_999_999_999 }),
  ]
  await ledger.settle(sampleSettle(open.id, { attempts, ttftMs: 1 / 3 }))
  await ledger.attempt(open.id, sampleAttempt({ n: 3, purpose: 'shadow', costNano: 77 }))
  expect(ledger.getCall(open.id)?.call.shadowCostNano).toBe(77)
  expect(ledger.spend({})).toMatchObject({ shadowCostNano: 77, costNano: 245_000 })

  const packed = [...ledger.replay()].flat()
  const db = new Database(ledger.path)
  expect(db.prepare('SELECT count(*) FROM decision WHERE head IS NULL').pluck().get()).toBe(0)
  db.exec('UPDATE call SET tags = tags; UPDATE decision SET plan = plan; UPDATE attempt SET n = n')
  expect(db.prepare('SELECT count(*) FROM decision JOIN call USING (seq) WHERE head IS NULL AND settled IS NULL').pluck().get()).toBe(2)
  expect([...ledger.replay()].flat()).toEqual(packed)

  db.prepare('UPDATE attempt SET cache_read_tokens = 9 WHERE n = 2').run()
  db.prepare("UPDATE decision SET input = x'00ff00'").run()
  db.close()
  const changed = [...ledger.replay()].flat()
  expect(changed.flatMap((e) => (e.kind === 'decided' ? [...e.input] : []))).toEqual([0, 255, 0, 0, 255, 0])
  expect(changed.flatMap((e) => (e.kind === 'settled' ? e.attempts.map((a) => a.cacheReadTokens) : []))).toEqual([32, 9, 32])
})
