import { closestNames } from '../catalog/index.js'
import type { CallFilter, Ledger } from '../ledger/index.js'

const NAMED = ['model', 'task', 'profile', 'client'] as const

/** For a filter without matches: which of its names no call has, with the closest existing ones; null when all are known. */
export function unknownFilter(ledger: Ledger, filter: CallFilter): string | null {
  for (const dimension of NAMED) {
    const name = filter[dimension]
    if (name == null) continue
    const known = ledger.rollups({ by: [dimension] }).flatMap(({ by }) => by[dimension] ?? [])
    if (known.includes(name)) continue
    const near = closestNames(name, known)
    return `No call has the ${dimension} '${name}'. ${near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `The ledger has calls with ${known.join(', ')}.`}`
  }
  return null
}
