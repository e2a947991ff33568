import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/index.js'
import { builtProgram } from '../cli/built-program.js'
import { type SpawnedDaemon, spawnDaemon } from '../server/spawn-daemon.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { CASES, type FaultCase } from './cases.js'
import { callAs, ledgerSays, type Outcome } from './run-case.js'

/** Every case runs against a provider alone, and with a good one to fall back to; each in a model of its own, so that breakers do not meet. */
interface Run {
  readonly id: string
  readonly fault: FaultCase
  readonly stream: boolean
  readonly fallback: boolean
}

/** The short form takes some of the cases; the full one all, and writes or checks the whole table. */
const FULL = process.env.FAULTS === 'full'
const SHORT = new Set([
  'status 400',
  'status 429',
  'status 529',
  'reset before the first byte',
  'stops within the answer',
  'HTML with status 200',
])

const RUNS: readonly Run[] = CASES.flatMap((fault, i) =>
  (FULL || SHORT.has(fault.name) ? [false, true] : [])
    .filter((stream) => fault.only === undefined || (fault.only === 'stream') === stream)
    .flatMap((stream) =>
      [false, true].map((fallback) => ({ id: `f${i}${stream ? 's' : 'j'}${fallback ? 'b' : 'a'}`, fault, stream, fallback })),
    ),
)

const DOC = fileURLToPath(new URL('../../docs/faults.md', import.meta.url))
const PARALLEL = 16

let folder: string
let provider: FakeProvider
let good: FakeProvider
let silent: Server
let daemon: SpawnedDaemon

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmroute-faults-'))
  provider = await startFakeProvider()
  good = await startFakeProvider()
  silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const byId = new Map(RUNS.map((run) => [run.id, run.fault.how]))
  provider.behave((_n, post) => {
    const how = byId.get(post.path.split('/')[1] ?? '') ?? 'ok'
    return how === 'refuse' || how === 'no-handshake' ? 'ok' : how
  })
  daemon = await spawnDaemon(join(builtProgram(), 'dist'), join(folder, 'ledger.db'), config())
})
afterAll(async () => {
  await daemon?.kill()
  await provider.close()
  await good.close()
  silent.close()
  rmSync(folder, { recursive: true, force: true })
})

function config() {
  const price = { input: 1, output: 4 }
  const base = (run: Run): string => {
    if (run.fault.how === 'refuse') return `http://127.0.0.1:1/${run.id}/v1`
    if (run.fault.how === 'no-handshake') return `https://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`
    return `${provider.origin}/${run.id}/v1`
  }
  const providers = Object.fromEntries(RUNS.map((run) => [run.id, { baseURL: base(run), apiKey: 'sk-test' }]))
  const goods = Object.fromEntries(RUNS.map((run) => [`g${run.id}`, { baseURL: `${good.origin}/${run.id}/v1`, apiKey: 'sk-test' }]))
  const models = RUNS.flatMap((run) => [
    { id: `${run.id}/m`, price, quality: 0.8 },
    { id: `g${run.id}/m`, price, quality: 0.8 },
  ])
  const timeouts = { connect: '2s', firstByte: '3s', idle: '3s', total: '12s' }
  const profiles = Object.fromEntries(
    RUNS.map((run) => [
      run.id,
      { models: run.fallback ? [`${run.id}/m`, `g${run.id}/m`] : [`${run.id}/m`], pinned: run.fallback ? 'fallback' : 'strict', timeouts },
    ]),
  )
  return { providers: { ...providers, ...goods }, models, profiles }
}

async function run(r: Run): Promise<Outcome> {
  const { client, id } = await callAs(daemon.url, `${r.id}/m`, r.id, r.stream)
  const bad = provider.posts.filter((p) => p.path.startsWith(`/${r.id}/`)).length
  const other = good.posts.filter((p) => p.path.startsWith(`/${r.id}/`)).length
  const ledger = await openLedger(join(folder, 'ledger.db'), { readonly: true })
  const says = ledgerSays(ledger, id)
  await ledger.close()
  return { client, posts: r.fallback ? `${bad} + ${other}` : String(bad), ledger: says }
}

async function runAll(): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  const left = [...RUNS]
  const worker = async (): Promise<void> => {
    for (let r = left.shift(); r !== undefined; r = left.shift()) outcomes.set(r.id, await run(r))
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  return outcomes
}

function table(outcomes: ReadonlyMap<string, Outcome>): string {
  const rows = RUNS.filter((r) => !r.fallback).map((r) => {
    const alone = outcomes.get(r.id)
    const both = outcomes.get(`${r.id.slice(0, -1)}b`)
    const cells = [
      r.fault.name,
      r.stream ? 'stream' : 'JSON',
      alone?.client,
      alone?.posts,
      alone?.ledger,
      both?.client,
      both?.posts,
      both?.ledger,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '# What happens when a provider misbehaves',
    '',
    'Generated by `npm run test:faults` from the fault suite, which drives the daemon over sockets; do not edit. Each fault is tested twice: with the',
    'faulty model as the only one allowed, and with a working model of another provider as fallback. *Posts* are the requests the providers received',
    '(faulty + working). *Ledger* is the status of the call, then each attempt. No second bill goes unrecorded: an attempt that was sent and got no',
    'usable answer is recorded as perhaps billed, with an estimate. Timeouts in this suite: 2 s to connect, 3 s to the first byte, 3 s without a',
    'byte, 12 s in total.',
    '',
    '| fault | call | alone: client gets | posts | ledger | with a fallback: client gets | posts | ledger |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

it('never hangs, never loses a call, and does what docs/faults.md says', async () => {
  const outcomes = await runAll()
  for (const r of RUNS) {
    const outcome = outcomes.get(r.id)
    expect(outcome?.ledger, r.fault.name).not.toContain('NOT RECORDED')
    expect(outcome?.client, r.fault.name).not.toContain('cut without a word')
  }
  expect(await (await fetch(`${daemon.url}/health`)).json()).toMatchObject({ status: 'ok', inFlight: 0 })
  const text = table(outcomes)
  if (FULL && process.env.FAULTS_WRITE === '1') writeFileSync(DOC, text)
  const documented = new Set(readFileSync(DOC, 'utf8').split('\n'))
  for (const line of text.split('\n')) expect(documented).toContain(line)
  if (FULL) expect(text).toBe(readFileSync(DOC, 'utf8'))
}, 240_000)
