import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { builtProgram } from '../cli/built-program.js'

interface Figures {
  readonly rows: readonly { readonly section: string; readonly measure: string; readonly value: number | null }[]
}

const SECTIONS = ['proxy', 'decide', 'ledger', 'simulate', 'import', 'start-up', 'growth']

let program = ''
beforeAll(() => {
  program = builtProgram()
}, 300_000)

it.each(SECTIONS)('measures %s, however short', { timeout: 240_000 }, async (section) => {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-bench-test-'))
  try {
    const json = join(folder, 'figures.json')
    const script = fileURLToPath(new URL('run.mjs', import.meta.url))
    const args = [script, '--only', section, '--rounds', '1', '--duration', '5', '--calls', '50', '--json', json]
    const env = { ...process.env, LLMROUTE_BENCH_PROGRAM: program }
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    const { rows } = JSON.parse(readFileSync(json, 'utf8')) as Figures
    expect(rows.length).toBeGreaterThan(0)
    // Processor time and memory of other processes are told on Linux only.
    for (const { measure, value } of rows) if (!/CPU|memory/.test(measure)) expect(value, measure).toEqual(expect.any(Number))
    for (const { measure } of rows) expect(stdout).toContain(measure)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
