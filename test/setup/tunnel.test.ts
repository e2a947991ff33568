import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findDaemon } from '../../src/control/index.js'
import { chooseTunnel, tunnelToken } from '../../src/setup/index.js'
import { newPlace } from '../cli/run-cli.js'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { type TestMachine, testMachine } from './machine.js'

/** What cloudflared prints, its maker's own pages first. */
const BANNER = `2026-11-20T10:00:00Z INF Thank you for trying Cloudflare Tunnel. (https://www.cloudflare.com/website-terms/) https://developers.cloudflare.com/cloudflare-one/
2026-11-20T10:00:02Z INF |  https://quiet-hill-42.trycloudflare.com                                          |
`

function machineWith(...programs: readonly string[]): TestMachine {
  const machine = testMachine()
  const bin = join(machine.home, 'bin')
  mkdirSync(bin)
  for (const program of programs) {
    writeFileSync(join(bin, program), '#!/bin/sh\n')
    chmodSync(join(bin, program), 0o755)
  }
  return { ...machine, env: { ...machine.env, PATH: bin } }
}

describe('a tunnel program', () => {
  it('is the one named, or the first that is installed', () => {
    const machine = machineWith('ngrok', 'tailscale')
    expect(chooseTunnel(machine).id).toBe('tailscale')
    expect(chooseTunnel(machine, 'ngrok').command).toEqual(['ngrok', 'http', '{port}', '--log', 'stdout'])
    expect(() => chooseTunnel(machine, 'cloudflared')).toThrow(/cloudflared is not installed/)
    expect(() => chooseTunnel(machine, 'ngrk')).toThrow(expect.objectContaining({ hint: "Did you mean 'ngrok'?" }))
    expect(() => chooseTunnel(machineWith())).toThrow(/None of cloudflared, tailscale and ngrok is installed/)
  })

  it('has a token that stays, for the owner alone', () => {
    const { configFolder } = testMachine()
    const token = tunnelToken(configFolder)
    expect(token).toMatch(/^[0-9a-f]{48}$/)
    expect(tunnelToken(configFolder)).toBe(token)
    expect(statSync(join(configFolder, 'tunnel.token')).mode & 0o777).toBe(0o600)
  })
})

describe('connecting Cursor', () => {
  let daemon: TestDaemon
  const places: { remove(): void }[] = []
  afterEach(async () => {
    await daemon?.end()
    for (const place of places.splice(0)) place.remove()
  })

  it('gives the fields to paste with the public address of the running tunnel', async () => {
    const print = `process.stderr.write(${JSON.stringify(BANNER)}); setInterval(() => {}, 1000)`
    daemon = await runDaemon({ sandbox: true, tunnel: { command: [process.execPath, '-e', print], token: 't'.repeat(24) } })
    const ledger = join(daemon.folder, 'ledger.db')
    for (let i = 0; i < 200 && !(await findDaemon(ledger))?.status.tunnel?.url; i++) await new Promise((done) => setTimeout(done, 25))
    expect((await findDaemon(ledger))?.status.tunnel).toEqual({ port: daemon.tunnel?.port, url: 'https://quiet-hill-42.trycloudflare.com' })

    const place = newPlace()
    places.push(place)
    const { out, code } = await place.cli(['connect', 'cursor', '--profile', 'code', '--db', ledger], {
      env: { HOME: place.folder, PATH: '' },
    })
    expect(code).toBe(0)
    expect(out).toContain('Override OpenAI Base URL: https://quiet-hill-42.trycloudflare.com/v1')
    expect(out).toContain(`OpenAI API Key: ${tunnelToken(place.folder)}`)
    expect(out).toContain('llmroute-auto:code')
    expect(out).toMatch(/Tab, Auto, Composer and the Cursor CLI do not use it/)
  })

  it('says how to open one where none is, and does not restart a daemon for it', async () => {
    daemon = await runDaemon({ sandbox: true })
    const place = newPlace()
    places.push(place)
    const run = (...args: string[]) =>
      place.cli(['connect', 'cursor', ...args, '--db', join(daemon.folder, 'ledger.db')], { env: { HOME: place.folder, PATH: '' } })
    const { out } = await run()
    expect(out).toMatch(/No tunnel is open yet\. `llmroute connect cursor --tunnel`/)
    expect(out).toMatch(/cloudflared +not installed; no account/)
    expect(await run('--tunnel')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/runs without a tunnel\. End it with `llmroute stop`/) as string,
    })
  })
})
