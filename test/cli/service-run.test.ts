import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { daemonLogPath, findDaemon } from '../../src/control/index.js'
import { builtProgram } from './built-program.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })

const GOOD = { sandbox: true, server: { port: 0 } }
let program: string
let folder: string
let db: string
let child: ChildProcess | null = null

beforeAll(() => {
  program = join(builtProgram(), 'bin/llmroute')
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmroute-service-'))
  db = join(folder, 'ledger.db')
})
afterEach(() => {
  child?.kill('SIGKILL')
  child = null
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => vi.resetConfig())

/** Runs a command as a service manager would, with a configuration. */
function start(config: unknown, ...words: readonly string[]): ChildProcess & { said: () => string } {
  const file = join(folder, 'router.config.json')
  writeFileSync(file, JSON.stringify(config))
  const started = spawn(process.execPath, [program, ...words, '--db', db, '--config', file], {
    env: { PATH: process.env.PATH, HOME: folder, LLMROUTE_CONFIG_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  started.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  child = started
  return Object.assign(started, { said: () => text })
}

async function pid(): Promise<number | null> {
  return (await findDaemon(db))?.status.pid ?? null
}

it('serve --as-service ends well when its configuration is wrong, so that nobody starts it again, and says so', async () => {
  const service = start({ ...GOOD, default: 'nothing' }, 'serve', '--as-service')
  expect(await once(service, 'exit')).toEqual([0, null])
  expect(service.said()).toMatch(/^llmroute: .*default[\s\S]*not started again/m)
  const plain = start({ ...GOOD, default: 'nothing' }, 'serve')
  expect(await once(plain, 'exit')).toEqual([2, null])
})

it('service run starts a crashed daemon again, and ends with one that was stopped', async () => {
  const service = start(GOOD, 'service', 'run')
  await expect.poll(pid, { timeout: 60_000 }).toBeTypeOf('number')
  const first = (await pid()) as number
  process.kill(first, 'SIGKILL')
  await expect.poll(async () => [null, first].includes(await pid()), { timeout: 60_000 }).toBe(false)
  expect(readFileSync(daemonLogPath(db), 'utf8')).toContain('The daemon ended with SIGKILL; it is started again in 2 seconds.')
  const stopped = spawn(process.execPath, [program, 'stop', '--db', db], { env: { HOME: folder, LLMROUTE_CONFIG_DIR: folder } })
  expect(await Promise.all([once(stopped, 'exit'), once(service, 'exit')])).toEqual([
    [0, null],
    [0, null],
  ])
})

it('service run leaves a daemon alone whose configuration is wrong', async () => {
  const service = start({ ...GOOD, default: 'nothing' }, 'service', 'run')
  expect(await once(service, 'exit')).toEqual([0, null])
  expect(readFileSync(daemonLogPath(db), 'utf8')).toContain('not started again')
})

it.skipIf(process.platform === 'win32')('service run takes the daemon along when it is told to end', async () => {
  const service = start(GOOD, 'service', 'run')
  await expect.poll(pid, { timeout: 60_000 }).toBeTypeOf('number')
  service.kill('SIGTERM')
  expect(await once(service, 'exit')).toEqual([0, null])
  expect(await pid()).toBeNull()
})
