import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { type Ledger, type LedgerState, openLedger, openSpoolingLedger } from '../../src/ledger/index.js'
import { NOON, sampleOpen, sampleSettle, scratchFolder, scratchLedger } from './sample.js'

const spools = (path: string) => readdirSync(dirname(path)).filter((file) => file.includes('.spool.jsonl'))

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5)
}

async function start(path: string, changes: { readonly open?: () => Promise<Ledger> } = {}) {
  const states: (readonly [LedgerState['kind'], number])[] = []
  const ledger = await openSpoolingLedger({
    path,
    open: () => openLedger(path, { lockedMs: 30, busyMs: 1, onError: () => undefined }),
    onState: (state, loaded) => states.push([state.kind, loaded]),
    retryMs: 20,
    ...changes,
  })
  return { ledger, states }
}

it('keeps records in a private file while another process holds the lock, and loads them after', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const { ledger, states } = await start(path)
  const [before, during] = [
    sampleOpen(),
    sampleOpen({ plan: Buffer.from([0, 255, 7]), reservations: [{ scope: 'day', amount: 5, limit: 1 }] }),
  ]
  await ledger.open(before)

  const holder = new Database(path)
  holder.exec('BEGIN IMMEDIATE')
  await ledger.settle(sampleSettle(before.id))
  expect(ledger.state()).toMatchObject({ kind: 'spooling', waiting: 1, lost: 0, fault: { code: 'E_LEDGER' } })
  await ledger.open(during)
  await ledger.remember('policy', during.policyHash, '{}')
  await ledger.settle(sampleSettle(during.id))
  await ledger.outcome({ call: during.id, kind: 'feedback', value: 1, atMs: NOON })
  for (const reply of ['one', 'two']) ledger.bodies(during.id, [{ digest: 'aa', json: '"hello"' }], reply)
  const [spool = ''] = spools(path)
  expect(statSync(join(dirname(path), spool)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(dirname(path), spool), 'utf8').match(/hello/g)).toHaveLength(1)
  await sleep(60)
  expect(ledger.state()).toMatchObject({ kind: 'spooling', waiting: 7 })

  holder.exec('ROLLBACK')
  holder.close()
  await until(() => ledger.state().kind === 'ledger')
  expect(spools(path)).toEqual([])
  expect(states).toEqual([['spooling', 0], ...states.slice(1, -1), ['ledger', 7]])
  await ledger.flush()
  const stored = ledger.current()
  expect(stored?.listCalls({}).map((c) => c.status)).toEqual(['ok', 'ok'])
  expect(stored?.getCall(during.id)).toMatchObject({ decision: { plan: during.plan }, outcomes: [{ kind: 'feedback' }] })
  expect(stored?.bodiesOf(during.id)).toEqual({ request: [{ digest: 'aa', json: '"hello"' }], reply: 'two' })
  await ledger.close()
})

it('serves without a ledger from the start when the file is damaged, and comes back when it was moved away', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  writeFileSync(path, 'this is no database, and it is long enough to be read as one'.repeat(100))
  const { ledger, states } = await start(path)
  const call = sampleOpen()
  expect(await ledger.open(call)).toBe(0)
  await ledger.settle(sampleSettle(call.id))
  expect(ledger.state()).toMatchObject({ kind: 'spooling', waiting: 2, fault: { hint: expect.stringContaining('Move it away') } })
  expect(ledger.current()).toBeNull()
  writeFileSync(path, '')
  await until(() => ledger.state().kind === 'ledger')
  expect(ledger.current()?.getCall(call.id)?.call).toMatchObject({ status: 'ok', costNano: 245_000 })
  expect(states[0]).toEqual(['spooling', 0])
  await ledger.close()
})

it('loads what an earlier process could not, and ends what it left open', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const down = () => openLedger('/dev/null/ledger.db')
  const [done, left] = [sampleOpen(), sampleOpen()]
  const first = await start(path, { open: down })
  for (const call of [done, left]) await first.ledger.open(call)
  await first.ledger.settle(sampleSettle(done.id))

  // While the first one lives, its file is its own.
  const second = await start(path)
  expect(second.ledger.current()?.counts().calls).toBe(0)
  await first.ledger.close()
  expect(spools(path)).toHaveLength(1)

  const third = await start(path)
  const rows = third.ledger.current()?.listCalls({}) ?? []
  expect(Object.fromEntries(rows.map((row) => [row.id, row.status]))).toEqual({ [done.id]: 'ok', [left.id]: 'interrupted' })
  expect(spools(path)).toEqual([])
  await second.ledger.close()
  await third.ledger.close()
})

it('passes on what is wrong with a record rather than with the file', async () => {
  const path = (await scratchLedger()).path
  const { ledger } = await start(path)
  await expect(ledger.open(sampleOpen({ reservations: [{ scope: 'day', amount: 5, limit: 1 }] }))).rejects.toMatchObject({
    code: 'E_BUDGET',
  })
  await expect(ledger.settle(sampleSettle('unknown'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  expect(ledger.state()).toEqual({ kind: 'ledger' })
  await ledger.close()
})

it('takes records written while the backlog is being loaded', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  let up = false
  const { ledger } = await start(path, { open: () => openLedger(up ? path : '/dev/null/ledger.db') })
  const ids: string[] = []
  const send = async () => {
    const call = sampleOpen()
    ids.push(call.id)
    await ledger.open(call)
    await ledger.settle(sampleSettle(call.id))
  }
  for (let i = 0; i < 500; i++) await send()
  up = true
  while (ledger.state().kind === 'spooling') {
    await send()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await send()
  const rows = ledger.current()?.listCalls({}) ?? []
  expect(rows.map((row) => row.id).sort()).toEqual(ids.sort())
  expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['ok']))
  await ledger.close()
})
