import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readDaemonFile } from '../../../src/control/index.js'
import { seededRandom } from '../../../src/kit/index.js'
import { builtProgram } from '../../cli/built-program.js'
import { startFakeProvider } from '../../upstreams/fake-provider.js'
import { checkLedger } from './check-ledger.js'
import { makeCall, numberIn, type Seen } from './make-call.js'
import { handlesByKind, measure, type Sample } from './measure.js'
import { misbehave } from './misbehave.js'
import { readOptions } from './options.js'
import { startRunningTime } from './running-time.js'
import { soakConfig, UNUSABLE } from './soak-config.js'
import { tell } from './tell.js'

/** `npm run test:soak -- --minutes 30`: the built `llmroute serve` under faults, clients that leave and reloads. Exit 1 when something leaks or is lost. */
const SAMPLE_MS = 5000
/** Longer than connections are kept for the next call: those of clients 65 s, those to providers 30 s. */
const REST_MS = 75_000
/** Calls before the handles are counted for the first time: they write more than the 4 MB at which the ledger's other thread begins. */
const WARM_CALLS = 400
/** Calls that may be open at once; more would only say that this machine is slow. */
const MOST_OPEN = 300

const options = readOptions(process.argv.slice(2))
const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'llmroute-soak-'))
mkdirSync(folder, { recursive: true })
const db = join(folder, 'ledger.db')
const file = join(folder, 'router.config.json')
const log = join(folder, 'serve.log')
const random = seededRandom(6)

const provider = await startFakeProvider()
const posted = new Set<number>()
provider.behave((_n, post) => {
  const n = numberIn(post.raw.toString())
  if (n !== null) posted.add(n)
  // Nobody asks later; kept, they would be the leak.
  provider.posts.length = 0
  return misbehave(random, options.faults)
})
writeFileSync(file, JSON.stringify(soakConfig(provider.origin, 0)))

const out = openSync(log, 'w')
const program = join(builtProgram(), 'bin/llmroute')
const daemon = spawn(process.execPath, [program, 'serve', '--port', '0', '--config', file, '--db', db], {
  cwd: folder,
  env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
  stdio: ['ignore', out, out],
})
let ended: number | null = null
daemon.on('exit', (code) => {
  ended = code ?? -1
})
while (readDaemonFile(db) === null && ended === null) await sleep(50)
const url = readDaemonFile(db)?.url
if (url === undefined) throw new Error(`the daemon did not start: ${readFileSync(log, 'utf8')}`)

const pid = daemon.pid ?? 0
const time = startRunningTime()
const began = performance.now()
const secondsIn = (): number => (performance.now() - began) / 1000
const samples: Sample[] = []
const seen: Seen[] = []
let open = 0
let started = 0
let held = 0
let reloads = 0

const sampling = setInterval(() => {
  if (ended !== null) return
  const sample = { ...measure(pid, secondsIn()), open }
  samples.push(sample)
  if (samples.length % 12 === 0)
    console.error(`${sample.at.toFixed(0)} s: ${sample.rss.toFixed(0)} MB, ${sample.handles} handles, ${seen.length} calls`)
}, SAMPLE_MS)
const reloading = setInterval(() => {
  reloads++
  writeFileSync(file, reloads % 4 === 0 ? UNUSABLE : JSON.stringify(soakConfig(provider.origin, reloads)))
}, options.reload * 1000)

async function callUntil(over: () => boolean): Promise<void> {
  while (!over() && ended === null) {
    await sleep((1000 / options.rate) * (0.5 + random()))
    if (open >= MOST_OPEN) {
      held++
      continue
    }
    open++
    void makeCall(url as string, started++, options.aborts, random, time).then((call) => {
      open--
      seen.push(call)
    })
  }
}
/** Nobody calls until connections that are kept for the next call are closed. */
async function rest(): Promise<Readonly<Record<string, number>> | null> {
  while (open > 0 && ended === null) await sleep(50)
  await sleep(REST_MS)
  return ended === null ? handlesByKind(pid) : null
}

// What is opened once, at the first use (the resolver, the ledger's other thread), is open from here on.
await callUntil(() => started >= WARM_CALLS)
const before = await rest()
const loaded = secondsIn()
await callUntil(() => secondsIn() >= loaded + options.minutes * 60)
clearInterval(sampling)
clearInterval(reloading)
const after = await rest()
const health = ended === null ? ((await (await fetch(`${url}/health`)).json()) as { inFlight: number; ledger: { kind: string } }) : null
const told = performance.now()
if (ended === null) {
  daemon.kill('SIGTERM')
  await once(daemon, 'exit')
}
const exitMs = performance.now() - told
time.stop()
await provider.close()

const ok = tell({
  options,
  samples: samples.filter((sample) => sample.at >= loaded),
  rest: { before, after },
  exitMs,
  stoodStill: time.stoodStill(),
  seen,
  posted: posted.size,
  held,
  reloads,
  log: readFileSync(log, 'utf8'),
  exitCode: ended,
  health,
  ledger: await checkLedger(db, seen, posted),
})
if (options.folder === null) rmSync(folder, { recursive: true, force: true })
process.exit(ok ? 0 : 1)
