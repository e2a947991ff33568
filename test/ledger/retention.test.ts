import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { digest } from '../../src/kit/index.js'
import { type Checkpoint, type Ledger, type ReplayEvent, retain } from '../../src/ledger/index.js'
import { NOON, sampleAttempt, sampleOpen, sampleSettle, scratchLedger } from './sample.js'

const DAY = 86_400_000

/** A state that shows which events it saw, so that folding twice or not at all would be noticed. */
async function fold(from: Checkpoint | null, events: Generator<ReplayEvent[]>) {
  const seen = from === null ? [] : (JSON.parse(Buffer.from(from.state).toString()) as string[])
  for (const page of events) for (const e of page) if (e.kind !== 'decided' || !e.folded) seen.push(`${e.kind}:${e.seq}`)
  return { engine: 1, state: Buffer.from(JSON.stringify(seen)) }
}

async function stateAtEnd(ledger: Ledger): Promise<string[]> {
  const from = ledger.checkpoint(ledger.firstSeq())
  return JSON.parse(Buffer.from((await fold(from, ledger.replay())).state).toString())
}

/** Ten days of two calls a day, each day's last call ending after the next day's first began. */
async function tenDays(ledger: Ledger) {
  const ids: string[] = []
  let open: string | null = null
  for (let day = 0; day < 10; day++) {
    for (let n = 0; n < 2; n++) {
      const chain = ['system', `day ${day}`, `call ${day} ${n}`].map((text, i) => ({ digest: digest(text), refTokens: i }))
      const call = sampleOpen({ decidedAtMs: NOON + day * DAY + n * 1000, session: `s${day}`, prefixes: chain })
      ids.push(call.id)
      await ledger.open(call)
      const message = (text: string) => ({ digest: digest(text), json: JSON.stringify(text.repeat(50)) })
      ledger.bodies(call.id, [message('system'), message(`day ${day}`), message(call.id)], `reply ${call.id}`)
      if (open !== null) await ledger.settle(sampleSettle(open, { attempts: [sampleAttempt()] }))
      open = call.id
    }
    await ledger.flush()
  }
  await ledger.settle(sampleSettle(open ?? ''))
  return ids
}

it('prunes old calls with all that is theirs, and a replay goes on as if they were there', async () => {
  const ledger = await scratchLedger()
  const ids = await tenDays(ledger)
  await ledger.outcome({ call: ids[0] ?? '', kind: 'feedback', value: 1, atMs: NOON })
  const before = await stateAtEnd(ledger)
  const spend = ledger.spend({})

  for (const days of [3, 3, 6]) await ledger.prune({ callsBefore: NOON + days * DAY, fold })
  // The last of the sixth day was still in flight where the seventh begins, and feedback on the very first came at the end.
  const left = [ids[0] ?? '', ...ids.slice(11)]
  expect(
    ledger
      .listCalls({})
      .map((c) => c.id)
      .reverse(),
  ).toEqual(left)
  expect(await stateAtEnd(ledger)).toEqual(before)
  expect([...ledger.replay()].flat().flatMap((e) => (e.kind === 'decided' ? [e.folded] : []))).toEqual([
    true,
    true,
    ...left.slice(2).map(() => false),
  ])
  expect(ledger.spend({})).toEqual(spend)
  expect(ledger.counts().calls).toBe(20)
  expect(ledger.verify()).toMatchObject({ damage: [], orphans: [], undecided: 0, wrongHours: [] })

  const db = new Database(ledger.path, { readonly: true })
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  expect(['attempt', 'decision', 'outcome', 'session', 'prefix', 'body'].map(count)).toEqual([10, 10, 1, 6, 1 + 6 + 10, 8])
  db.close()
  for (const id of left.slice(2)) expect(ledger.bodiesOf(id)?.request).toHaveLength(3)
})

it('keeps what conversations stand on that go on while they are pruned', async () => {
  const ledger = await scratchLedger()
  const say = async (day: number, ...chain: readonly string[]) => {
    const prefixes = chain.map((text, i) => ({ digest: digest(text), refTokens: i }))
    const call = sampleOpen({ decidedAtMs: NOON + day * DAY, prefixes })
    await ledger.open(call)
    await ledger.settle(sampleSettle(call.id))
  }
  for (let n = 0; n < 400; n++) await say(0, `old ${n}`)
  for (let n = 0; n < 400; n++) await say(9, `new ${n}`)
  let over = false
  const pruning = ledger.prune({ callsBefore: NOON + 5 * DAY, fold }).finally(() => {
    over = true
  })
  for (let n = 0; !over && n < 400; n++) await say(9, `old ${n}`, `and on ${n}`)
  expect(await pruning).toMatchObject({ calls: 400 })
  expect(ledger.verify()).toMatchObject({ damage: [], orphans: [] })
})

it('without a fold, prunes no further than the last saved state', async () => {
  const ledger = await scratchLedger()
  const ids = await tenDays(ledger)
  const before = await stateAtEnd(ledger)
  const seq = ledger.getCall(ids[8] ?? '')?.call.seq ?? 0
  const state = await fold(null, ledger.replay({ untilSeq: seq }))
  await ledger.saveCheckpoint({ seq, atMs: NOON, ...state })
  await ledger.prune({ callsBefore: NOON + 30 * DAY })
  expect(ledger.firstSeq()).toBe(seq)
  expect(ledger.listCalls({})).toHaveLength(13)
  expect(await stateAtEnd(ledger)).toEqual(before)
})

it('deletes bodies but not what later calls still use', async () => {
  const ledger = await scratchLedger({ now: () => NOON + 9 * DAY })
  const ids = await tenDays(ledger)
  const { bodies } = await ledger.prune({ bodiesBefore: NOON + 5 * DAY })
  expect(bodies).toBe(10)
  expect(ledger.oldestBodyMs()).toBe(NOON + 5 * DAY)
  expect(ids.slice(0, 10).map((id) => ledger.bodiesOf(id))).toEqual(Array(10).fill(null))
  for (const id of ids.slice(10)) expect(ledger.bodiesOf(id)?.request.map((m) => m.json.length)).toEqual([302, 252, 1302])
  expect(ledger.listCalls({})).toHaveLength(20)
})

it('moves what later calls still use out of an old pack, and stores again what went with it', async () => {
  let day = 0
  const ledger = await scratchLedger({ now: () => NOON + day * DAY })
  const db = new Database(ledger.path, { readonly: true })
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  const say = async (...texts: readonly string[]) => {
    const call = sampleOpen({ decidedAtMs: NOON + day * DAY })
    await ledger.open(call)
    await ledger.settle(sampleSettle(call.id))
    ledger.bodies(
      call.id,
      texts.map((text) => ({ digest: digest(text), json: JSON.stringify(text.repeat(50)) })),
      null,
    )
    await ledger.flush()
    return () =>
      expect(ledger.bodiesOf(call.id)?.request.map(({ json }) => json)).toEqual(texts.map((text) => JSON.stringify(text.repeat(50))))
  }
  await say('lost', 'ä kept', 'also lost', 'kept too', 'lost at last')
  day = 6
  const isWhole = [await say('kept too', 'new', 'ä kept')]
  expect(await ledger.prune({ bodiesBefore: NOON + 5 * DAY })).toMatchObject({ bodies: 1 })
  expect([count('message'), count('pack')]).toEqual([3, 2])
  day = 7
  isWhole.push(await say('kept too', 'also lost'))
  for (const check of isWhole) check()
  expect(ledger.verify()).toMatchObject({ damage: [], orphans: [] })
  day = 20
  await ledger.prune({ bodiesBefore: NOON + 15 * DAY })
  expect([count('message'), count('pack')]).toEqual([0, 0])
  db.close()
})

it('keeps imported history for as long as a call made on the day of the import', async () => {
  const ledger = await scratchLedger()
  ledger.startRun({ appVersion: '0.1.0', engine: 1, startedAt: NOON + 300 * DAY })
  const old = sampleOpen({ source: 'import:claude-code' })
  await ledger.open(old)
  await ledger.settle(sampleSettle(old.id))
  await ledger.prune({ callsBefore: NOON + 299 * DAY, fold })
  expect(ledger.listCalls({})).toHaveLength(1)
  await ledger.prune({ callsBefore: NOON + 301 * DAY, fold })
  expect(ledger.listCalls({})).toHaveLength(0)
})

it('holds the size limit: bodies go first, then calls', async () => {
  let day = 0
  const ledger = await scratchLedger({ now: () => NOON + day * DAY })
  for (; day < 10; day++) {
    const call = sampleOpen({ decidedAtMs: NOON + day * DAY, input: Buffer.alloc(20_000, day) })
    await ledger.open(call)
    await ledger.settle(sampleSettle(call.id))
    ledger.bodies(call.id, [{ digest: digest(call.id), json: JSON.stringify(noise(30_000, day)) }], null)
    await ledger.flush()
  }
  const housekeeping = (maxBytes: number) => retain(ledger, { keepMs: null, maxBytes, fold, restMs: 0, now: () => NOON + 10 * DAY })
  const full = ledger.counts().usedBytes
  await housekeeping(full - 40_000)
  expect(ledger.counts().usedBytes).toBeLessThan(full - 40_000)
  expect(ledger.listCalls({})).toHaveLength(10)
  expect(ledger.oldestBodyMs()).toBeGreaterThan(NOON)
  await housekeeping(full - 400_000)
  expect(ledger.oldestBodyMs()).toBeNull()
  expect(ledger.listCalls({}).length).toBeLessThan(10)
  expect(ledger.verify()).toMatchObject({ damage: [], orphans: [] })
})

/** Text that does not compress. */
function noise(length: number, seed: number): string {
  let text = ''
  for (let i = 0; text.length < length; i++) text += digest(`${seed} ${i}`)
  return text
}
