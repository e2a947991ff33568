// What llmroute costs, beside the aims it is held to: npm run bench [-- --only proxy,ledger --rounds 5 --duration 1000 --json FILE --peers --big]
// One table of medians and ratios with their spread. It fails on errors only, never on speed.
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './built-program.mjs'
import { tableOf } from './print-table.mjs'

const SECTIONS = ['proxy', 'decide', 'ledger', 'simulate', 'import', 'start-up', 'growth']
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: SECTIONS.join(',') },
    rounds: { type: 'string', default: '5' },
    duration: { type: 'string', default: '1000' },
    calls: { type: 'string' },
    big: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const wanted = values.only.split(',')
const wrong = wanted.find((name) => !SECTIONS.includes(name))
if (values.help || wrong !== undefined) {
  console.error(`usage: npm run bench [-- --only ${SECTIONS.join(',')}]
  --rounds N     interleaved rounds, medians of which are told (5)
  --duration MS  length of one measurement (1000)
  --calls N      calls in the ledgers made up for ledger (100000), simulate (20000) and import (20000)
  --big          a million calls for ledger and simulate, a gigabyte of logs for import
  --peers        other gateways from the npm registry in the same run
  --json FILE    the figures as JSON`)
  process.exit(values.help ? 0 : 2)
}
const size = (usual) => Number(values.calls ?? (values.big ? 1_000_000 : usual))
const settings = {
  rounds: Number(values.rounds),
  durationMs: Number(values.duration),
  ledgerCalls: size(100_000),
  simulateCalls: size(20_000),
  importCalls: Number(values.calls ?? 20_000),
  big: values.big,
  peers: values.peers,
}

ensureBuilt()
const rows = []
let failed = false
for (const section of wanted) {
  console.error(`${section} ...`)
  const { rows: measured, errors } = await runSection(section)
  rows.push(...measured.map((row) => ({ section, ...row })))
  failed ||= errors > 0
}
const loaded = os.loadavg()[0] / os.cpus().length
console.log(`${tableOf(rows)}\n`)
console.log(
  `Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0]?.model.trim()}, ${settings.rounds} rounds of ${settings.durationMs} ms.`,
)
console.log(
  `Load of the machine at the end: ${loaded.toFixed(1)} a core${loaded > 1.5 ? '; it was busy with other work, so trust ratios only' : ''}.`,
)
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, loadPerCore: loaded, settings, rows }, null, 1)}\n`)
process.exit(failed ? 1 : 0)

/** Each section has a process of its own: none finds the memory or the compiled code of another. */
function runSection(name) {
  const child = fork(fileURLToPath(new URL('run-section.mjs', import.meta.url)), [name, JSON.stringify(settings)])
  return new Promise((resolve) => {
    let result = { rows: [], errors: 1 }
    child.on('message', (message) => {
      result = message
    })
    child.on('exit', () => resolve(result))
  })
}
