import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { program } from '../built-program.mjs'
import { bareEnvironment, withScratchFolder } from '../scratch-folder.mjs'
import { spread } from '../statistics.mjs'

const TURNS = 50
const RESULT = 'src/app.ts:41: const total = items.reduce((sum, item) => sum + item.price, 0)\n'.repeat(20)

/** Kilobytes that Claude Code logs around a session's first call: attachments, and a copy of the request. */
const AROUND = [11, 60, 40]
/** Sessions of those: 227 MB, where start-up still counts, and with `--big` a gigabyte. */
const LONG = { usual: 2000, big: 9000 }

/** `llmroute import` over coding agents' session files, start-up included, into a new ledger each round, and `simulate --from` over larger ones. */
export function measureImport({ rounds, importCalls, big, say }) {
  return withScratchFolder((folder) => [
    ...measure({
      name: 'import of agent sessions',
      log: writeSessions(join(folder, 'short'), Math.ceil(importCalls / TURNS), (i) => sessionLines(i, TURNS)),
      run: (log, round) => ['import', 'claude-code', log, '--db', join(folder, `ledger-${round}.db`), '--json'],
      callsOf: ({ imported }) => imported,
      aims: { calls: '>= 5000' },
      ...{ folder, rounds, say },
    }),
    ...measure({
      name: 'simulate --from agent sessions',
      log: writeSessions(join(folder, 'long'), Math.min(importCalls, big ? LONG.big : LONG.usual), (i) => [
        ...linesAround(i),
        ...sessionLines(i, 1),
      ]),
      run: (log) => ['simulate', '--from', `claude-code:${log}`, '--preset', 'economy', '--json'],
      callsOf: ({ calls }) => calls,
      aims: { megabytes: '>= 100' },
      ...{ folder, rounds, say },
    }),
  ])
}

function measure({ name, log, run, callsOf, aims, folder, rounds, say }) {
  const times = Array.from({ length: Math.min(rounds, 3) }, (_, round) => {
    const [started, startedCpu] = [performance.now(), childrenCpuSeconds()]
    const args = [program, ...run(log.path, round)]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env: bareEnvironment(folder), encoding: 'utf8' })
    const [seconds, cpuSeconds] = [(performance.now() - started) / 1000, childrenCpuSeconds() - startedCpu]
    if (status !== 0) throw new Error(`${args[1]} failed with ${status}: ${stderr}`)
    const calls = callsOf(JSON.parse(stdout))
    if (!(calls > 0)) throw new Error(`${args[1]} found no calls: ${stdout}`)
    return { calls, seconds, cpuSeconds }
  })
  const megabytes = log.bytes / 1e6
  say(`  ${name}: ${times[0].calls} calls of ${megabytes.toFixed(1)} MB`)
  const row = (measured, unit, of, aim) => {
    const { median: value, min, max } = spread(times.map(of))
    return { measure: `${name}${measured}`, unit, value, min, max, ...(aim === undefined ? {} : { aim }) }
  }
  return [
    row('', 'calls/s', ({ calls, seconds }) => calls / seconds, aims.calls),
    row(', of CPU', 'calls/s', ({ calls, cpuSeconds }) => calls / cpuSeconds),
    row(', log read', 'MB/s', ({ seconds }) => megabytes / seconds, aims.megabytes),
    row(', log read, of CPU', 'MB/s', ({ cpuSeconds }) => megabytes / cpuSeconds),
  ]
}

/** Processor time of the programs run so far, all their threads; told on Linux only. */
function childrenCpuSeconds() {
  if (process.platform !== 'linux') return Number.NaN
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}

/** A file a session, as Claude Code keeps them. */
function writeSessions(path, sessions, linesOf) {
  mkdirSync(path)
  let bytes = 0
  for (let i = 0; i < sessions; i++) {
    const text = linesOf(i)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('')
    bytes += Buffer.byteLength(text)
    writeFileSync(join(path, `${i}.jsonl`), text)
  }
  return { path, bytes }
}

function linesAround(session) {
  return AROUND.map((kilobytes, i) => ({
    parentUuid: null,
    isSidechain: false,
    attachment: { type: 'prompt_snapshot', content: `${session}: ${RESULT.slice(0, 1000).repeat(kilobytes)}` },
    type: 'attachment',
    uuid: `x${session}-${i}`,
    timestamp: new Date(Date.UTC(2026, 9, 1) + session * 3_600_000).toISOString(),
  }))
}

/** A session as Claude Code logs it: what was put to the model, its answer with usage, the tool's result, and so on. */
function sessionLines(session, turns) {
  const sessionId = `00000000-0000-4000-8000-${String(session).padStart(12, '0')}`
  const start = Date.UTC(2026, 9, 1) + session * 3_600_000
  const lines = []
  for (let turn = 0; turn < turns; turn++) {
    const at = (seconds) => new Date(start + (turn * 20 + seconds) * 1000).toISOString()
    const common = { sessionId, isSidechain: false, userType: 'external', cwd: '/home/me/shop', version: '2.1.0' }
    const result = [{ type: 'tool_result', tool_use_id: `toolu_${session}_${turn - 1}`, content: `${turn}: ${RESULT}` }]
    const content = turn === 0 ? 'Find out why the total is wrong and fix it.' : result
    lines.push({ ...common, type: 'user', uuid: `u${session}-${turn}`, timestamp: at(0), message: { role: 'user', content } })
    const usage = { input_tokens: 12, cache_creation_input_tokens: 900, cache_read_input_tokens: 900 * turn, output_tokens: 160 }
    const use = {
      type: 'tool_use',
      id: `toolu_${session}_${turn}`,
      name: 'Bash',
      input: { command: `grep -rn total src | head -${turn + 1}` },
    }
    const said = { id: `msg_${session}_${turn}`, type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [use], usage }
    lines.push({
      ...common,
      type: 'assistant',
      uuid: `a${session}-${turn}`,
      requestId: `req_${session}_${turn}`,
      timestamp: at(8),
      message: said,
    })
  }
  return lines
}
