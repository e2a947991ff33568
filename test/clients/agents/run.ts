import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PROVIDER } from '../../upstreams/strict/config.js'
import { startVendors } from '../../upstreams/strict/start-vendors.js'
import { VENDORS, type VendorName } from '../../upstreams/strict/vendor.js'
import { AGENTS, type Agent } from './agents.js'
import { type Installed, installAgent } from './install-agent.js'
import { type Serve, startServe } from './start-serve.js'
import { type Cell, tryAgent } from './try-agent.js'
import { type Row, writeNote } from './write-note.js'

/** Installs the coding agents, runs each against upstreams of all four formats, prints the table; exit 1 when a cell failed. */
const FORMATS: Readonly<Record<VendorName, string>> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  gemini: 'gemini',
}
const NOTE = new URL('../../../docs/clients-tested.md', import.meta.url)

const { values } = parseArgs({
  options: {
    /** Where programs are installed and kept. */
    scratch: { type: 'string', default: join(tmpdir(), 'llmroute-agents') },
    /** Only agents whose name holds this, upstreams of this format. */
    agent: { type: 'string' },
    upstream: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

const scratch = values.scratch
const agents = AGENTS.filter(({ name }) => name.toLowerCase().includes((values.agent ?? '').toLowerCase()))
const chosen = VENDORS.filter((vendor) => FORMATS[vendor].includes(values.upstream ?? ''))
const rows = agents.map((agent) => ({ agent, version: '', installed: null as Installed | null, cells: new Map<string, Cell>() }))
mkdirSync(scratch, { recursive: true })
for (const row of rows) {
  try {
    row.installed = await installAgent(row.agent, scratch)
    row.version = row.installed.version
  } catch (error) {
    row.version = `(${(error as Error).message})`
  }
  console.error(`${row.agent.name} ${row.version}`)
}

const vendors = await startVendors()
for (const vendor of chosen) {
  const home = join(scratch, 'homes', vendor)
  rmSync(home, { recursive: true, force: true })
  const serve = await startServe(vendors.origin, PROVIDER[vendor], home)
  try {
    for (const agent of new Map(agents.map((a) => [a.program, a])).values()) await point(agent, serve)
    for (const row of rows) {
      if (row.installed === null) continue
      const cell = await tryAgent(row.agent, row.installed, serve, vendors)
      row.cells.set(FORMATS[vendor], cell)
      console.error(`${row.agent.name} (${row.agent.format}) to ${FORMATS[vendor]}: ${cell.problem ?? 'good'}`)
    }
  } finally {
    await serve.stop()
  }
}
await vendors.close()

const note = writeNote(
  rows satisfies readonly Row[],
  chosen.map((vendor) => FORMATS[vendor]),
  new Date().toISOString().slice(0, 10),
)
console.log(note)
if (values.write) writeFileSync(NOTE, note)
process.exitCode = rows.every(({ cells }) => cells.size === chosen.length && [...cells.values()].every((cell) => cell.problem === null))
  ? 0
  : 1

/** Points the agent at the daemon as a user does. */
async function point(agent: Agent, serve: Serve): Promise<void> {
  agent.settle?.(serve.home, serve.url)
  if (agent.connect === null) return
  const { code, stderr } = await serve.llmroute('connect', agent.connect, '--write', '--yes', '--url', serve.url)
  if (code !== 0) throw new Error(`llmroute connect ${agent.connect}: ${stderr}`)
}
