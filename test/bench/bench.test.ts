import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { builtProgram } from '../cli/built-program.js'

interface Figures {
  readonly rows: readonly { readonly section: string; readonly measure: string; readonly value: number | null }[]
}

const SECTIONS = ['proxy', 'decide', 'ledger', 'simulate', 'import', 'start-up', 'growth']

it('measures every section, however short', { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-bench-test-'))
  try {
    const json = join(folder, 'figures.json')
    const script = fileURLToPath(new URL('run.mjs', import.meta.url))
    const args = [script, '--rounds', '1', '--duration', '10', '--calls', '200', '--json', json]
    const env = { ...process.env, LLMROUTE_BENCH_PROGRAM: builtProgram() }
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    const { rows } = JSON.parse(readFileSync(json, 'utf8')) as Figures
    expect([...new Set(rows.map((row) => row.section))]).toEqual(SECTIONS)
    // Processor time and memory of other processes are told on Linux only.
    for (const { measure, value } of rows) if (!/CPU|memory/.test(measure)) expect(value, measure).toEqual(expect.any(Number))
    for (const { measure } of rows) expect(stdout).toContain(measure)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
