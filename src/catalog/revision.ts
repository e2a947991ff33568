import { digest, stableJson } from '../kit/index.js'
import type { ModelRev } from './types.js'

const known = new WeakMap<ModelRev, string>()

/** Name of a revision in the ledger: equal content, equal hash. Remembered per object, since a frozen revision cannot change. */
export function hashModelRev(rev: ModelRev): string {
  const found = known.get(rev)
  if (found !== undefined) return found
  const hash = digest(stableJson(rev))
  if (Object.isFrozen(rev)) known.set(rev, hash)
  return hash
}

/** Freezes plain data at every depth. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
