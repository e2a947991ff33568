import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { program } from '../built-program.mjs'
import { bareEnvironment, withScratchFolder } from '../scratch-folder.mjs'
import { spread } from '../statistics.mjs'

const TURNS = 50
const RESULT = 'src/app.ts:41: const total = items.reduce((sum, item) => sum + item.price, 0)\n'.repeat(20)

/** `llmroute import` over coding agents' session files, start-up included, into a new ledger each round. */
export function measureImport({ rounds, importCalls, say }) {
  return withScratchFolder((folder) => {
    const sessions = Math.ceil(importCalls / TURNS)
    const log = join(folder, 'projects')
    mkdirSync(log)
    let bytes = 0
    // A file a session, as Claude Code keeps them.
    for (let i = 0; i < sessions; i++) {
      const lines = sessionLines(i)
      bytes += Buffer.byteLength(lines)
      writeFileSync(join(log, `${i}.jsonl`), lines)
    }
    const megabytes = bytes / 1e6
    const times = Array.from({ length: Math.min(rounds, 3) }, (_, round) => {
      const db = join(folder, `ledger-${round}.db`)
      const started = performance.now()
      const args = [program, 'import', 'claude-code', log, '--db', db, '--json']
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env: bareEnvironment(folder), encoding: 'utf8' })
      const seconds = (performance.now() - started) / 1000
      if (status !== 0) throw new Error(`import failed with ${status}: ${stderr}`)
      const { imported } = JSON.parse(stdout)
      if (imported === 0) throw new Error(`nothing was imported: ${stdout}`)
      return { calls: imported / seconds, megabytes: megabytes / seconds }
    })
    say(`  imported ${sessions * TURNS} calls of ${megabytes.toFixed(1)} MB`)
    const row = (measure, unit, { median: value, min, max }) => ({ measure, unit, value, min, max })
    return [
      row('import of agent sessions', 'calls/s', spread(times.map(({ calls }) => calls))),
      row('import of agent sessions, log read', 'MB/s', spread(times.map(({ megabytes: mb }) => mb))),
    ]
  })
}

/** A session as Claude Code logs it: what was put to the model, its answer with usage, the tool's result, and so on. */
function sessionLines(session) {
  const sessionId = `00000000-0000-4000-8000-${String(session).padStart(12, '0')}`
  const start = Date.UTC(2026, 9, 1) + session * 3_600_000
  const lines = []
  for (let turn = 0; turn < TURNS; turn++) {
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
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
