import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/command-table.js'
import { programFolder } from './built-program.js'
import { runCli } from './run-cli.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const PAGES = ['docs/configuration.md', 'docs/clients.md', 'docs/batch.md'].map((path) => readFileSync(join(root, path), 'utf8'))
const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')
const blocks = (language: string): readonly string[] => blocksOf(readme, language)

const KEYS = { OPENAI_API_KEY: 'x', ANTHROPIC_API_KEY: 'x', GEMINI_API_KEY: 'x', MOONSHOT_API_KEY: 'x', LAB_KEY: 'x' }

let folder: string
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  ;({ folder, env } = programFolder())
  await run('llmroute', ['serve', '--detach'], { cwd: folder, env })
}, 600_000)
afterAll(async () => {
  await run('llmroute', ['stop'], { cwd: folder, env }).catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

it('shows the two commands first', () => {
  expect(blocks('sh').slice(0, 2)).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n'])
})

it('has only commands that run', async () => {
  for (const block of [...blocks('sh').slice(2), ...PAGES.flatMap((page) => blocksOf(page, 'sh'))])
    await run('bash', ['-e', '-o', 'pipefail', '-c', block], { cwd: folder, env })
}, 600_000)

it('has only configurations that are valid', async () => {
  const policy = readFileSync(join(root, 'docs/policy.md'), 'utf8')
  const whole = [readme, policy, ...PAGES].flatMap((page) => blocksOf(page, 'ts')).filter((block) => block.includes('defineConfig'))
  for (const [at, block] of whole.entries()) {
    const file = join(folder, `example-${at}.config.ts`)
    writeFileSync(file, block)
    const { code, err } = await runCli(['config', 'check', '--config', file], {
      cwd: folder,
      env: { ...KEYS, LLMROUTE_CONFIG_DIR: folder },
    })
    expect({ code, err }).toEqual({ code: 0, err: '' })
  }
})

it('names every command, and none that is not there', () => {
  const table = /\n\| to \| commands \|\n([\s\S]*?)\n\n/.exec(readme)?.[1] ?? ''
  const named = [...table.matchAll(/`([^`]*)`/g)].map((match) => match[1])
  expect(named.toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted())
})

it('links to pages that are there, and names the presets as they are', async () => {
  for (const [, path] of readme.matchAll(/\]\((?!http)([^)#]+)\)/g)) expect(existsSync(join(root, path ?? '')), path).toBe(true)
  const { PRESETS } = await import('../../src/policy/index.js')
  for (const [name, { strategy, floor }] of Object.entries(PRESETS)) {
    if (strategy.kind !== 'weights') continue
    const { cost, quality, latency } = strategy.weights
    expect(readme).toMatch(
      new RegExp(`^\\| ${name}.* \\| ${[cost, quality, latency, floor].map((n) => n.toFixed(2)).join(' \\| ')} \\|`, 'm'),
    )
  }
})
