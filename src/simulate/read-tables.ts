import type { ModelRev } from '../catalog/index.js'
import type { Ledger } from '../ledger/index.js'
import type { ResolvedPolicy, Tables } from '../policy/index.js'

/** Policies and model revisions of a ledger, each parsed once when first asked for. */
export function readTables(ledger: Pick<Ledger, 'policies' | 'modelRevs'>): Tables {
  return { policy: lazily<ResolvedPolicy>(() => ledger.policies()), modelRev: lazily<ModelRev>(() => ledger.modelRevs()) }
}

function lazily<T>(read: () => ReadonlyMap<string, string>): (hash: string) => T | undefined {
  const parsed = new Map<string, T | undefined>()
  let json = read()
  return (hash) => {
    if (parsed.has(hash)) return parsed.get(hash)
    // A daemon that serves meanwhile may have written it since, with the calls that name it.
    if (!json.has(hash)) json = read()
    const text = json.get(hash)
    const value = text === undefined || text === '' ? undefined : (JSON.parse(text) as T)
    parsed.set(hash, value)
    return value
  }
}
