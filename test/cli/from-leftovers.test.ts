import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createThread } from '../../src/kit/thread.js'
import { openThrowawayLedger } from '../../src/ledger/index.js'
import { builtProgram, programFolder } from './built-program.js'
import { newPlace } from './run-cli.js'

const logged = (n: number) =>
  JSON.stringify({ time: 1793620800 + n, model: 'openai/gpt-5', prompt: `What is ${n}?`, note: 'x'.repeat(300) })

it('`simulate --from` removes the folders of killed runs, and neither one in use nor one that is just being made', async () => {
  const place = newPlace()
  onTestFinished(() => place.remove())
  const log = join(place.folder, 'log.jsonl')
  writeFileSync(log, logged(1))
  const live = await openThrowawayLedger()
  onTestFinished(() => live.close())
  const inUse = dirname(live.ledger.path)
  const left = mkdtempSync(join(tmpdir(), 'llmroute-from-'))
  writeFileSync(join(left, 'ledger.db'), '')
  const fresh = mkdtempSync(join(tmpdir(), 'llmroute-from-'))
  onTestFinished(() => rmSync(fresh, { recursive: true }))
  for (const folder of [inUse, left]) utimesSync(folder, 1793620800, 1793620800)
  expect(await place.cli(['simulate', '--from', `jsonl:${log}`, '--json'])).toMatchObject({ code: 0 })
  expect([inUse, left, fresh].map((folder) => existsSync(folder))).toEqual([true, false, true])
})

it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  '`simulate --from` works where the temporary files cannot be listed',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'llmroute-unlisted-'))
    onTestFinished(() => {
      vi.unstubAllEnvs()
      chmodSync(folder, 0o700)
      rmSync(folder, { recursive: true })
    })
    chmodSync(folder, 0o300)
    vi.stubEnv('TMPDIR', folder)
    const { close } = await openThrowawayLedger()
    await close()
  },
)

it('`simulate --from` that is interrupted while it reads leaves nothing behind', async () => {
  const { folder, env } = programFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const log = join(folder, 'log.jsonl')
  writeFileSync(log, Array.from({ length: 40_000 }, (_, n) => `${logged(n)}\n`).join(''))
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  const child = spawn('llmroute', ['simulate', '--from', `jsonl:${log}`], {
    cwd: folder,
    env: { ...env, TMPDIR: temporary },
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  await vi.waitUntil(() => imported(temporary) > 1_000_000, { timeout: 200_000, interval: 5 })
  child.kill('SIGINT')
  expect(await ended).toEqual([null, 'SIGINT'])
  expect(readdirSync(temporary)).toEqual([])
}, 300_000)

/** Bytes of the log of the ledger that is being filled; making its tables takes a quarter of a megabyte. */
function imported(temporary: string): number {
  const [folder] = readdirSync(temporary).filter((name) => name.startsWith('llmroute-from-'))
  return folder === undefined ? 0 : (statSync(join(temporary, folder, 'ledger.db-wal'), { throwIfNoEntry: false })?.size ?? 0)
}

it('a thread that took the place of one which failed between two batches says that the logs were not read to their end', async () => {
  const thread = createThread(pathToFileURL(join(builtProgram(), 'dist/cli/import/understand-thread.js')), null)
  onTestFinished(() => thread.stop())
  await expect(thread.ask('next')).rejects.toMatchObject({ hint: expect.stringContaining('Repeat the command') })
}, 300_000)
