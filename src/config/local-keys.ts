import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Fault, parseJson, replacePrivateFile } from '../kit/index.js'
import type { LoadedConfig } from './load-config.js'
import { budget } from './schema/quantities.js'

const storedKey = z.object({
  name: z.string(),
  /** SHA-256 of the key, hex. Keys are 256 random bits, so there is nothing to guess and no salt is needed. */
  hash: z.string(),
  tier: z.string().nullable(),
  profile: z.string().nullable(),
  budget: z.object({ usd: z.number(), per: z.enum(['hour', 'day', 'week', 'month', 'total']) }).nullable(),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
})

/** A local API key as stored: what it allows, never the key itself. Times ISO 8601. */
export type StoredKey = z.output<typeof storedKey>

/** What a new key allows; `budget` as in the configuration, `'5/day'`. */
interface KeyWish {
  readonly name: string
  readonly tier: string | null
  readonly profile: string | null
  readonly budget: string | null
}

export function localKeysPath({ config, folder }: LoadedConfig): string {
  return config.keys.path ?? join(folder, 'keys.json')
}

/** All keys, revoked ones too; none when there is no file. Throws E_CONFIG for a file that is something else. */
export function readLocalKeys(path: string): readonly StoredKey[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new Fault('E_CONFIG', `${path} could not be read.`, { hint: 'Make it readable for you alone.', cause: error })
  }
  const parsed = z.array(storedKey).safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new Fault('E_CONFIG', `${path} does not hold local keys.`, { hint: 'Move it away and create the keys anew.' })
}

/** Makes a key and returns it: the only time that it can be seen. Throws E_CONFLICT when the name is taken, E_USAGE for one that no list could show. */
export function createLocalKey(path: string, wish: KeyWish, nowMs: number): { readonly key: string; readonly stored: StoredKey } {
  if (wish.name.trim() === '' || /\p{Cc}/u.test(wish.name))
    throw new Fault('E_USAGE', 'A key needs a name that can be read on one line.', { hint: 'Give one such as alice.' })
  const keys = readLocalKeys(path)
  if (keys.some(({ name, revokedAt }) => name === wish.name && revokedAt === null))
    throw new Fault('E_CONFLICT', `There is a key named ${wish.name} already.`, { hint: 'Choose another name, or revoke it first.' })
  const key = `llmroute_${randomBytes(32).toString('base64url')}`
  const stored: StoredKey = {
    ...wish,
    hash: hashOf(key),
    budget: wish.budget === null ? null : parseBudget(wish.budget),
    createdAt: new Date(nowMs).toISOString(),
    revokedAt: null,
  }
  writeKeys(path, [...keys.filter(({ name }) => name !== wish.name), stored])
  return { key, stored }
}

/** From now on the key is refused; its calls stay in the ledger under its name. Throws E_NOT_FOUND. */
export function revokeLocalKey(path: string, name: string, nowMs: number): StoredKey {
  const keys = readLocalKeys(path)
  const found = keys.find((key) => key.name === name && key.revokedAt === null)
  if (found === undefined) throw new Fault('E_NOT_FOUND', `There is no key named ${name}.`, { hint: '`llmroute keys list` shows them.' })
  const revoked = { ...found, revokedAt: new Date(nowMs).toISOString() }
  writeKeys(
    path,
    keys.map((key) => (key === found ? revoked : key)),
  )
  return revoked
}

/** The key that a credential matches, in constant time; null when there is none or it was revoked. */
export function matchLocalKey(keys: readonly StoredKey[], credential: string): StoredKey | null {
  const shown = Buffer.from(hashOf(credential), 'hex')
  let match: StoredKey | null = null
  for (const key of keys) if (timingSafeEqual(shown, Buffer.from(key.hash, 'hex')) && key.revokedAt === null) match = key
  return match
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function parseBudget(text: string): StoredKey['budget'] {
  const parsed = budget.safeParse(text)
  if (parsed.success) return parsed.data
  throw new Fault('E_USAGE', `'${text}' is no budget.`, { hint: 'Write it as 5/day, 20/month or 100.' })
}

function writeKeys(path: string, keys: readonly StoredKey[]): void {
  replacePrivateFile(path, `${JSON.stringify(keys, null, 2)}\n`)
}
