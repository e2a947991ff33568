import { API } from '../control/index.js'
import { Fault } from '../kit/index.js'
import { CALL_STATUSES, findCall, type Ledger } from '../ledger/index.js'
import { callViewer, explainCall, viewCall } from '../report/index.js'
import { parseRange } from '../report/parse-time.js'

/** Calls listed when no limit is given. */
const LISTED = 50
const FILTERS = ['model', 'task', 'session', 'profile', 'client'] as const

/**
 * The daemon's API for calls, in the shapes that `log --json` and `explain --json` print; undefined for another path. Throws E_NOT_FOUND
 * for an unknown call and E_USAGE for an invalid filter.
 */
export function readApi(path: string, query: URLSearchParams, ledger: () => Ledger): unknown {
  if (path === API.calls) return listed(query, ledger())
  const [of, id] = /^(\/api\/[a-z]+)\/([^/]+)$/.exec(path)?.slice(1) ?? []
  if (id === undefined) return undefined
  if (of === API.calls) return viewCall(ledger(), findCall(ledger(), id))
  return of === API.explain ? explainCall(ledger(), findCall(ledger(), id)) : undefined
}

function listed(query: URLSearchParams, ledger: Ledger): unknown {
  const limit = Number(query.get('limit') ?? LISTED)
  if (!Number.isSafeInteger(limit) || limit < 0) throw new Fault('E_USAGE', 'limit is a whole number', { final: true })
  const status = CALL_STATUSES.find((name) => name === query.get('status'))
  if (query.has('status') && status === undefined)
    throw new Fault('E_USAGE', `status is one of ${CALL_STATUSES.join(', ')}`, { final: true })
  const filters = FILTERS.flatMap((name) => (query.get(name) === null ? [] : [[name, query.get(name)] as const]))
  return ledger
    .listCalls({ ...Object.fromEntries(filters), ...(status === undefined ? {} : { status }), ...rangeOf(query), limit })
    .map(callViewer(ledger))
}

/** `since` and `until` as the command line takes them. Throws E_USAGE. */
export function rangeOf(query: URLSearchParams): { since?: number; until?: number } {
  return parseRange({ since: query.get('since') ?? undefined, until: query.get('until') ?? undefined }, Date.now())
}
