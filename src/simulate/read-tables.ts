import type { ModelRev } from '../catalog/index.js'
import type { Ledger } from '../ledger/index.js'
import type { ResolvedPolicy, Tables } from '../policy/index.js'

/** Policies and model revisions of a ledger, each parsed once when first asked for. */
export function readTables(ledger: Pick<Ledger, 'policies' | 'modelRevs'>): Tables {
  const policies = lazily<ResolvedPolicy>(ledger.policies())
  const revs = lazily<ModelRev>(ledger.modelRevs())
  return { policy: policies, modelRev: revs }
}

function lazily<T>(json: ReadonlyMap<string, string>): (hash: string) => T | undefined {
  const parsed = new Map<string, T>()
  return (hash) => {
    const known = parsed.get(hash)
    if (known !== undefined) return known
    const text = json.get(hash)
    if (text === undefined) return undefined
    const value = JSON.parse(text) as T
    parsed.set(hash, value)
    return value
  }
}
