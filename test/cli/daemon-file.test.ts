import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { daemonFilePath } from '../../src/control/index.js'
import { newPlace, type Place, type Ran } from './run-cli.js'

/** What a daemon that was killed leaves behind: its file, whose process number and port belong to others by now. */

let place: Place
let other: ChildProcess
let web: Server
let serving: { end(): Promise<Ran> } | null = null

beforeEach(async () => {
  place = newPlace()
  other = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout!, 'data')
  web = createServer((_req, res) => {
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify({ status: 'ok' }))
  }).listen(0, '127.0.0.1')
  await once(web, 'listening')
})

afterEach(async () => {
  await serving?.end()
  serving = null
  other.kill('SIGKILL')
  web.close()
  place.remove()
})

/** `llmroute serve` in this process, until it is ended as by Ctrl-C. */
function serve(): { end(): Promise<Ran> } {
  const interrupt = new AbortController()
  const ran = place.cli(['serve', '--sandbox', '--port', '0'], { interrupted: interrupt.signal })
  serving = {
    end() {
      interrupt.abort()
      return ran
    },
  }
  return serving
}

function leaveFile(port: number): void {
  const file = { url: `http://127.0.0.1:${port}`, token: 'of-a-daemon-long-dead', pid: other.pid, version: '0.0.1' }
  writeFileSync(daemonFilePath(place.db), JSON.stringify(file))
}

const takenPort = (): number => (web.address() as AddressInfo).port

describe.each([
  ['nobody listens any more', () => 1],
  ['another program listens by now', takenPort],
])('a file of a daemon where %s', (_name, port) => {
  it('counts as no daemon', async () => {
    leaveFile(port())
    expect(await place.cli(['status'])).toMatchObject({ code: 3 })
    expect(await place.cli(['stop'])).toMatchObject({ code: 3 })
    expect(other.exitCode ?? other.signalCode).toBeNull()
    // A question is answered by this process then.
    expect(await place.cli(['ask', '--json', 'Name three primes.'])).toMatchObject({ code: 0 })
  })

  it('does not keep another daemon from starting, which takes its place and gives it up', async () => {
    leaveFile(port())
    const daemon = serve()
    await expect.poll(() => readFileSync(daemonFilePath(place.db), 'utf8'), { timeout: 20_000 }).not.toContain('long-dead')
    expect(JSON.parse((await place.cli(['status', '--json'])).out)).toMatchObject({ running: true, pid: process.pid })
    expect(await daemon.end()).toMatchObject({ code: 130, err: expect.stringContaining('Interrupted') })
    expect(existsSync(daemonFilePath(place.db))).toBe(false)
  })
})

it('a file that was copied along with a ledger does not make its daemon the copy’s', async () => {
  serve()
  await expect.poll(() => existsSync(daemonFilePath(place.db)), { timeout: 20_000 }).toBe(true)
  const copy = `${place.db}.copy`
  copyFileSync(place.db, copy)
  copyFileSync(daemonFilePath(place.db), daemonFilePath(copy))
  expect(await place.cli(['status', '--db', copy])).toMatchObject({ code: 3 })
  expect(await place.cli(['stop', '--db', copy])).toMatchObject({ code: 3 })
  expect(await place.cli(['status'])).toMatchObject({ code: 0 })
})

it('a program that starts one is told in JSON where it listens, for whom and with what', async () => {
  const ended = place.cli(['serve', '--sandbox', '--port', '0', '--json'], { interrupted: AbortSignal.timeout(3000) })
  const { code, out } = await ended
  expect(code).toBe(130)
  expect(JSON.parse(out)).toMatchObject({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    pool: expect.arrayContaining(['sandbox/tiny']),
    profile: 'balanced',
    ledger: realpathSync(place.db),
  })
})

it('a daemon that nobody told an address is reached from this machine alone', async () => {
  serve()
  await expect.poll(() => existsSync(daemonFilePath(place.db)), { timeout: 20_000 }).toBe(true)
  const { url } = JSON.parse(readFileSync(daemonFilePath(place.db), 'utf8')) as { url: string }
  const { port } = new URL(url)
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
  // What listens on every address hears this one, too; what listens on loopback's first address does not.
  await expect(fetch(`http://127.0.0.2:${port}/health`)).rejects.toThrow()
})
