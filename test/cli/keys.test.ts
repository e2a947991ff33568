import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matchLocalKey, readLocalKeys } from '../../src/config/index.js'
import { createAuthenticator } from '../../src/server/authenticate.js'
import { newPlace, type Place } from './run-cli.js'

describe('local keys', () => {
  let place: Place
  let file: string
  beforeAll(() => {
    place = newPlace()
    file = join(place.folder, 'keys.json')
  })
  afterAll(() => place.remove())

  const create = async (...args: string[]): Promise<{ key: string; name: string }> => {
    const { code, out, err } = await place.cli(['keys', 'create', ...args, '--json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return JSON.parse(out) as { key: string; name: string }
  }

  it('are shown once and kept as a hash, for their owner alone', async () => {
    const { key } = await create('--name', 'alice', '--tier', 'premium', '--profile', 'quality', '--budget', '5/day')
    expect(key).toMatch(/^llmroute_[\w-]{43}$/)
    expect(readFileSync(file, 'utf8')).not.toContain(key)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(matchLocalKey(readLocalKeys(file), key)).toMatchObject({
      name: 'alice',
      tier: 'premium',
      profile: 'quality',
      budget: { usd: 5, per: 'day' },
    })
    const list = (await place.cli(['keys', 'list'])).out
    expect(list).toMatch(/alice +premium +quality +\$5\/day/)
    expect(list).not.toContain(key)
  })

  it('are asked of clients from the first one on, as its maker is told', async () => {
    const fresh = newPlace()
    const told = async (): Promise<string> => (await fresh.cli(['keys', 'create'])).out
    expect(await told()).toMatch(/only a hash is kept\. From now on clients must send a key\.\n$/)
    expect(await told()).toMatch(/only a hash is kept\.\n$/)
    fresh.remove()
  })

  it('must have a name of their own, a profile that exists and a budget that can be read', async () => {
    expect((await place.cli(['keys', 'create', '--name', 'alice'])).err).toMatch(/There is a key named alice already/)
    expect((await place.cli(['keys', 'create', 'alice'])).err).toMatch(/There is a key named alice already/)
    expect(await place.cli(['keys', 'create', '--profile', 'nope'])).toMatchObject({ code: 2 })
    expect((await place.cli(['keys', 'create', '--name', 'x', '--budget', 'lots'])).err).toMatch(/Write it as 5\/day/)
    for (const name of ['', ' ', 'a\nb'])
      expect(await place.cli(['keys', 'create', name])).toMatchObject({ code: 2, err: expect.stringContaining('read on one line') })
  })

  it('decide who a credential belongs to, and are refused within a second of being revoked', async () => {
    let now = 0
    const none = createAuthenticator({ serverKey: null, token: 'token', keysPath: join(place.folder, 'none.json'), now: () => now })
    expect(none('anything')).toBeNull()
    expect(none(null)).toBeNull()

    const { key } = await create('--name', 'bob', '--tier', 'free')
    const authenticate = createAuthenticator({ serverKey: null, token: 'token', keysPath: file, now: () => now })
    expect(authenticate(key)).toEqual({ name: 'bob', tier: 'free', profile: null })
    expect(authenticate('token')).toBeNull()
    expect(authenticate(null)).toMatchObject({ code: 'E_AUTH' })
    expect(authenticate('sk-other')).toMatchObject({ code: 'E_AUTH' })

    expect((await place.cli(['keys', 'revoke', 'bob'])).code).toBe(0)
    now += 1000
    expect(authenticate(key)).toMatchObject({ code: 'E_AUTH' })
    expect((await place.cli(['keys', 'revoke', 'bob'])).code).toBe(1)
    expect((await place.cli(['keys', 'list'])).out).toMatch(/bob.*revoked/)
  })

  it('let nobody in while their file is gone from under a daemon, but for its owner', async () => {
    let now = 0
    const { key } = await create('--name', 'dora')
    const authenticate = createAuthenticator({ serverKey: null, token: 'token', keysPath: file, now: () => now })
    expect(authenticate(key)).toMatchObject({ name: 'dora' })
    renameSync(file, `${file}.away`)
    now += 1000
    for (const shown of [null, 'anything', key])
      expect(authenticate(shown)).toMatchObject({ code: 'E_AUTH', message: expect.stringContaining('the local keys are gone') })
    expect(authenticate('token')).toBeNull()
    renameSync(`${file}.away`, file)
    expect(authenticate(key)).toMatchObject({ name: 'dora' })
    expect(authenticate(null)).toMatchObject({ code: 'E_AUTH' })
  })

  it('are not in the ledger: one that is cut down or lost takes none along', async () => {
    const { key } = await create('--name', 'carol')
    expect((await place.cli(['ask', 'Name three primes.'])).code).toBe(0)
    expect((await place.cli(['prune', '--older-than', '1m'])).code).toBe(0)
    const ledger = readdirSync(place.folder).filter((name) => name.startsWith('ledger.db'))
    expect(ledger).not.toEqual([])
    for (const name of ledger) rmSync(join(place.folder, name), { recursive: true })
    expect(matchLocalKey(readLocalKeys(file), key)).toMatchObject({ name: 'carol' })
  })
})
