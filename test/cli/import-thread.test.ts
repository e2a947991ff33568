import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { programFolder } from './built-program.js'

it('a log that a thread reads is imported whole, and leaves one file behind', () => {
  const { folder, env } = programFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const log = join(folder, 'log.jsonl')
  const line = (n: number) =>
    JSON.stringify({ time: 1793620800 + n, model: 'openai/gpt-5', prompt: `What is ${n}?`, note: 'x'.repeat(1_000_000) })
  writeFileSync(log, Array.from({ length: 9 }, (_, n) => `${line(n)}\n`).join(''))
  const out = execFileSync('llmroute', ['import', 'jsonl', log], { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  expect(out).toContain('Imported 9 of 9 calls')
  expect(readdirSync(folder).filter((name) => name.startsWith('ledger.db'))).toEqual(['ledger.db'])
}, 300_000)
