import type { ModelRev } from '../catalog/types.js'
import { digest, stableJson } from '../kit/index.js'
import type { ResolvedPolicy } from './types.js'

const known = new WeakMap<object, string>()

function hashOf(value: object): string {
  let hash = known.get(value)
  if (hash === undefined) {
    hash = digest(stableJson(value))
    known.set(value, hash)
  }
  return hash
}

/** Name of a resolved policy in the ledger: digest of its JSON with sorted keys. Remembered per object, which must not change afterwards. */
export function hashPolicy(policy: ResolvedPolicy): string {
  return hashOf(policy)
}

/** Hash of a model revision in the ledger, made the same way. */
export function hashModelRev(rev: ModelRev): string {
  return hashOf(rev)
}
