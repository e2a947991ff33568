import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { NOON, sampleOpen, scratchFolder, scratchLedger } from './sample.js'
import { transpileInto } from './transpile.js'

// Processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const program = mkdtempSync(join(tmpdir(), 'llmroute-crash-'))
const script = join(program, 'test/ledger/children/write-calls.js')

beforeAll(() => transpileInto(program, ['src/kit', 'src/ledger', 'test/ledger']))
afterAll(() => rmSync(program, { recursive: true, force: true }))

interface Writer {
  readonly process: ChildProcess
  /** Ids it printed so far, by what it said of them. */
  readonly seen: Map<string, string[]>
}

function startWriter(path: string): Writer {
  const process_ = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const seen = new Map<string, string[]>()
  let rest = ''
  process_.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [word = '', id = ''] = line.split(' ')
      seen.set(word, [...(seen.get(word) ?? []), id])
    }
  })
  return { process: process_, seen }
}

/** Resolves when so many calls were settled and some were left open. */
async function writing(writer: Writer, calls: number): Promise<void> {
  const count = (word: string) => writer.seen.get(word)?.length ?? 0
  while (count('settled') < calls || count('opened') === 0) {
    if (writer.process.exitCode !== null) throw new Error(`the writer ended by itself with ${writer.process.exitCode}`)
    await sleep(5)
  }
}

async function kill(writer: Writer): Promise<void> {
  writer.process.kill('SIGKILL')
  await once(writer.process, 'close')
}

it('kill -9 loses no call that was acknowledged, and what was in flight is shown as interrupted', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const settled: string[] = []
  const opened: string[] = []
  for (let round = 0; round < 3; round++) {
    const writers = [startWriter(path), startWriter(path)]
    await Promise.all(writers.map((w) => writing(w, 40 + 37 * round)))
    await Promise.all(writers.map(kill))
    for (const { seen } of writers) {
      settled.push(...(seen.get('settled') ?? []))
      opened.push(...(seen.get('opened') ?? []))
    }
  }
  const db = new Database(path, { readonly: true })
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.close()

  const ledger = await scratchLedger({ path })
  ledger.startRun({ appVersion: '0.1.0', engine: 1, startedAt: NOON })
  const interrupted = ledger.markInterrupted(NOON + 1000)
  const rows = new Map(ledger.listCalls({}).map((row) => [row.id, row]))
  expect(settled.filter((id) => rows.get(id)?.status !== 'ok' || rows.get(id)?.costNano !== 245_000)).toEqual([])
  expect(opened.filter((id) => rows.get(id)?.status !== 'interrupted')).toEqual([])
  expect(
    ledger
      .listCalls({ status: 'interrupted' })
      .map((c) => c.id)
      .sort(),
  ).toEqual([...interrupted].sort())
  expect(ledger.listCalls({ status: 'running' })).toEqual([])
  expect(ledger.spend({})).toMatchObject({
    calls: rows.size,
    interrupted: interrupted.length,
    costNano: 245_000 * (rows.size - interrupted.length),
  })
  expect(readdirSync(dirname(path)).filter((file) => file.includes('.run-'))).toHaveLength(1)
})

it('leaves the calls of another live process alone', async () => {
  const path = join(scratchFolder(), 'ledger.db')
  const alive = startWriter(path)
  const dead = startWriter(path)
  await Promise.all([writing(alive, 20), writing(dead, 20)])
  await kill(dead)
  const ledger = await scratchLedger({ path })
  ledger.startRun({ appVersion: '0.1.0', engine: 1, startedAt: NOON })
  const own = sampleOpen()
  await ledger.open(own)
  const interrupted = new Set(ledger.markInterrupted(NOON))
  expect((dead.seen.get('opened') ?? []).every((id) => interrupted.has(id))).toBe(true)
  expect([...interrupted].filter((id) => alive.seen.get('opened')?.includes(id) || id === own.id)).toEqual([])
  await kill(alive)
  expect(ledger.markInterrupted(NOON).length).toBeGreaterThan(0)
  expect(ledger.getCall(own.id)?.call.status).toBe('running')
})

it('a run that ended in order leaves no lock and no open call', async () => {
  const first = await scratchLedger()
  first.startRun({ appVersion: '0.1.0', engine: 1, startedAt: NOON })
  const { id } = sampleOpen()
  await first.open(sampleOpen({ id }))
  await first.close()
  expect(readdirSync(dirname(first.path))).toEqual(['ledger.db'])
  const next = await scratchLedger({ path: first.path })
  expect(next.markInterrupted(NOON)).toEqual([id])
  expect(next.markInterrupted(NOON)).toEqual([])
})
