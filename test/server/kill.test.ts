import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/index.js'
import { builtProgram } from '../cli/built-program.js'
import { startFakeProvider } from '../upstreams/fake-provider.js'
import { twoProviders } from './run-daemon.js'
import { spawnDaemon } from './spawn-daemon.js'

/** Rounds of killing; the fault suite has more. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 2)
const PARALLEL = 50

it('loses no call that a client saw finish, however it is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-kill-'))
  const path = join(folder, 'ledger.db')
  const code = join(builtProgram(), 'dist')
  const provider = await startFakeProvider()
  provider.behave((n) => (n % 3 === 0 ? { pauseMs: n % 50 } : n % 7 === 0 ? { delayMs: 40 } : n % 11 === 0 ? { status: 503 } : 'ok'))
  const config = twoProviders(provider.origin, provider.origin)
  const finished: string[] = []
  const started = new Set<string>()
  const integrity: unknown[] = []
  let interrupted = 0
  for (let round = 0; round < ROUNDS; round++) {
    const daemon = await spawnDaemon(code, path, config)
    interrupted += daemon.interrupted.length
    let over = false
    const client = async (k: number): Promise<void> => {
      for (let i = 0; !over; i++) {
        try {
          const response = await fetch(`${daemon.url}/v1/chat/completions`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ model: 'auto', stream: i % 4 !== 0, messages: [{ role: 'user', content: `${round} ${k} ${i}` }] }),
          })
          const id = response.headers.get('x-llmroute-call') ?? ''
          started.add(id)
          const text = await response.text()
          const whole = i % 4 !== 0 ? text.includes('[DONE]') : text.endsWith('}')
          if (response.status === 200 && whole) finished.push(id)
        } catch {
          return
        }
      }
    }
    const clients = Array.from({ length: PARALLEL }, (_, k) => client(k))
    const enough = finished.length + 100 + Math.random() * 200
    while (finished.length < enough) await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 10))
    await daemon.kill()
    over = true
    await Promise.all(clients)
    integrity.push(integrityOf(path))
  }
  await provider.close()

  expect(integrity).toEqual(Array(ROUNDS).fill('ok'))
  const ledger = await openLedger(path)
  interrupted += ledger.markInterrupted(Date.now()).length
  const lost = finished.filter((id) => {
    const call = ledger.getCall(id)?.call
    return call?.status !== 'ok' || call.costNano === null
  })
  expect(lost).toEqual([])
  // Whoever got headers finds the call, finished or not.
  expect([...started].filter((id) => ledger.getCall(id) === null)).toEqual([])
  const calls = ledger.listCalls({})
  expect(calls.filter((c) => c.status === 'running')).toEqual([])
  expect(calls.filter((c) => c.status === 'interrupted')).toHaveLength(interrupted)
  expect(interrupted).toBeGreaterThan(0)
  // Sums and costs agree with the calls: nothing was counted twice or not at all.
  expect(ledger.verify()).toMatchObject({ damage: [], orphans: [], undecided: 0, wrongCallCosts: [], wrongHours: [] })
  console.info(
    `${ROUNDS} kills: ${finished.length} calls finished, ${lost.length} lost, ${interrupted} interrupted, integrity ok ${integrity.length} times`,
  )
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
}, 1_800_000)

function integrityOf(path: string): unknown {
  const db = new Database(path, { readonly: true })
  try {
    return db.pragma('integrity_check', { simple: true })
  } finally {
    db.close()
  }
}
