import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { daemonLogPath } from '../../src/control/index.js'
import { newPlace } from './run-cli.js'

it('is told of by the daemon that goes on without it, which is found all the same', async () => {
  const place = newPlace()
  const { XDG_DATA_HOME } = process.env
  process.env.XDG_DATA_HOME = place.folder
  const config = join(place.folder, 'router.config.json')
  writeFileSync(config, '{ "sandbox": true, "server": { "port": 0 } }')
  const env = { LLMROUTE_DB: '' }
  const end = new AbortController()
  const serving = place.cli(['serve'], { env, interrupted: end.signal })
  onTestFinished(async () => {
    end.abort()
    await serving
    if (XDG_DATA_HOME === undefined) delete process.env.XDG_DATA_HOME
    else process.env.XDG_DATA_HOME = XDG_DATA_HOME
    place.remove()
  })
  const llmroute = (...args: string[]) => place.cli(args, { env })
  const status = async (): Promise<string> => (await llmroute('status')).out
  await expect.poll(status, { timeout: 20_000 }).toContain('Listening')

  writeFileSync(config, '{ "sandbox": true, "default": "qualty" }')
  await expect.poll(status, { timeout: 20_000 }).toMatch(/^Refused .*default: found 'qualty'/m)
  writeFileSync(daemonLogPath(join(place.folder, 'llmroute', 'ledger.db')), 'listening\n')
  expect(await llmroute('logs')).toMatchObject({ code: 0, out: 'listening\n' })

  writeFileSync(config, '{ "sandbox": ')
  expect(await llmroute('status')).toMatchObject({ code: 0, err: '' })
  expect(await llmroute('log')).toMatchObject({ code: 2, out: '' })

  const custom = JSON.stringify({ ledger: { path: 'elsewhere.db' }, default: 'qualty' })
  writeFileSync(join(place.folder, 'custom.json'), custom)
  for (const command of ['status', 'stop'])
    expect(await place.cli([command, '--config', 'custom.json'], { env })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/default: found 'qualty'.* Until then, a daemon with another ledger is found with --db\.\n$/),
    })

  const other = join(place.folder, 'other.json')
  writeFileSync(other, '{ "default": "qualty" }')
  expect(await llmroute('status', '--config', other)).toMatchObject({ code: 2, out: '' })
})
