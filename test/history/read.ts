import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type Damage, findHistory, type HistoryCall, type HistorySource, type ReadOptions } from '../../src/history/index.js'
import { readHistory } from '../../src/history/read-history.js'

export const FIXTURES = fileURLToPath(new URL('../fixtures/agent-logs', import.meta.url))

/** A folder of its own with the given files, removed after the test. */
export function scratch(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-history-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

export async function readAll(
  source: HistorySource,
  path: string,
  options: ReadOptions = {},
): Promise<{ calls: HistoryCall[]; damage: Damage[] }> {
  const damage: Damage[] = []
  const calls: HistoryCall[] = []
  for await (const call of readHistory(source, findHistory(source, path), { onDamage: (d) => damage.push(d), ...options })) calls.push(call)
  return { calls, damage }
}

/** A conversation in one line: roles and kinds of part. */
export function outline(call: HistoryCall | undefined): string {
  return (call?.request?.messages ?? []).map((m) => `${m.role}(${m.parts.map((p) => p.type).join(' ')})`).join(' ')
}
