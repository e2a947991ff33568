import { type Reply, readStoredRequest, type WireFormat } from '../canonical/index.js'
import type { VerifyTask } from '../control/index.js'
import type { Ledger } from '../ledger/index.js'
import { decodeSignals } from '../policy/index.js'
import { type DecidedCall, decideCall, type Inbound, NOWHERE, type PoolModel, type RouterPorts, readWishes } from '../route/index.js'
import { codecFor } from '../wire/index.js'

/** A logged call, decided again for one given model, and the answer that it got then; null when that was not stored. */
export interface Rebuilt {
  readonly call: DecidedCall
  readonly model: PoolModel
  readonly recorded: Reply | null
  /** The limit that the answer is cut at is ours, not the client's. */
  readonly isOurLimit: boolean
}

/** Rebuilds a call from what the ledger stores; a sentence when that is not possible. */
export function rebuildCall(id: string, task: VerifyTask, ledger: Ledger, ports: RouterPorts): Rebuilt | string {
  const detail = ledger.getCall(task.call)
  const bodies = detail === null ? null : ledger.bodiesOf(task.call)
  if (detail === null || bodies === null) return 'its messages are not stored'
  const { call: logged, decision } = detail
  const format = logged.format as WireFormat
  const stored = readStoredRequest(
    bodies.request.map((m) => m.json),
    format,
  )
  if (stored === null || (task.entries > 0 && stored.entries !== task.entries)) return 'its messages are not all stored any more'
  const setup = ports.setup()
  const model = setup.byId.get(task.model)
  const profile = setup.profiles.get(logged.profile) ?? setup.profiles.get(setup.defaultProfile)
  if (model === undefined || profile === undefined) return `${task.model} is not in the pool`
  const limit = stored.request.maxOutputTokens ?? decision.limit
  const maxOutputTokens = Math.min(limit ?? Number.POSITIVE_INFINITY, task.maxOutput)
  const request = { ...stored.request, model: model.rev.id, maxOutputTokens }
  const headers = { 'user-agent': 'llmroute/verify', 'x-llmroute-session': `verify-${id}` }
  const inbound: Inbound = { format, action: 'generate', headers, body: NOTHING, arrived: ports.clock.monotonic() }
  const target = { mode: 'pinned', profile, pinned: model, effort: null } as const
  const read = { inbound, codec: codecFor(format), body: {}, request }
  const signals = { ...decodeSignals(decision.signals), sideKind: null }
  const understood = { setup, read, wishes: readWishes({}), target, signals }
  const call = decideCall({ id, outlet: NOWHERE, understood }, ports)
  return { call, model, recorded: replyOf(bodies.reply), isOurLimit: limit === null || task.maxOutput < limit }
}

const NOTHING = Buffer.alloc(0)

function replyOf(json: string | null): Reply | null {
  return json === null ? null : (JSON.parse(json) as Reply)
}
