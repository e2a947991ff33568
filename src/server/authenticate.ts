import { statSync } from 'node:fs'
import { matchLocalKey, readLocalKeys, type StoredKey, stampOf } from '../config/index.js'
import { asFault, Fault } from '../kit/index.js'
import type { LocalKey } from '../route/index.js'
import { sameSecret } from './check-access.js'

interface AuthenticatorParts {
  /** `server.key`; null when none is configured. */
  readonly serverKey: string | null
  /** The daemon's own token: `ask` comes with it. */
  readonly token: string
  readonly keysPath: string
  /** Monotonic milliseconds: a clock that is put back must not keep a revoked key. */
  now(): number
}

/** How long a revoked key may still be accepted. */
const FRESH_MS = 1000

/** Whose credential this is. Without a server key and local keys, callers on this machine are not distinguished. */
export function createAuthenticator({
  serverKey,
  token,
  keysPath,
  now,
}: AuthenticatorParts): (credential: string | null) => LocalKey | null | Fault {
  const keys = freshKeys(keysPath, now)
  const isOurs = (credential: string | null): boolean =>
    credential !== null && (sameSecret(credential, token) || (serverKey !== null && sameSecret(credential, serverKey)))
  return (credential) => {
    const known = keys()
    if (known instanceof Fault) return isOurs(credential) ? null : known
    if (serverKey === null && known.length === 0) return null
    if (credential === null) return refused('the key is missing')
    const local = matchLocalKey(known, credential)
    if (local !== null) return { name: local.name, tier: local.tier, profile: local.profile }
    return isOurs(credential) ? null : refused('the key is wrong or was revoked')
  }
}

/** All keys, revoked ones too, read again when their file has changed; why not, while it cannot be read. */
function freshKeys(path: string, now: () => number): () => readonly StoredKey[] | Fault {
  let keys: readonly StoredKey[] = []
  let stamp = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  return () => {
    if (now() - lookedAt < FRESH_MS) return keys
    const seen = stampOf(statSync(path, { throwIfNoEntry: false }))
    try {
      if (seen !== stamp) keys = readAgain(path, keys)
    } catch (error) {
      return asFault(error)
    }
    stamp = seen
    lookedAt = now()
    return keys
  }
}

/** Neither taking the last key back nor losing the file opens the door to everybody. */
function readAgain(path: string, before: readonly StoredKey[]): readonly StoredKey[] {
  const keys = readLocalKeys(path)
  if (keys.length > 0 || before.length === 0) return keys
  throw new Fault('E_AUTH', `the local keys are gone from ${path}, so none is accepted`, {
    hint: 'Put the file back, or restart llmroute to go on without keys.',
    final: true,
  })
}

function refused(why: string): Fault {
  return new Fault('E_AUTH', why, {
    hint: 'Send server.key or a key of `llmroute keys create` as a bearer token or x-api-key.',
    final: true,
  })
}
