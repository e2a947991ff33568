import { type Reply, readStoredRequest } from '../../canonical/index.js'
import { readTrajectory, readTurn, type Task } from '../../classify/index.js'
import { groupedBy } from '../../kit/index.js'
import type { CallRow, Ledger } from '../../ledger/index.js'
import { type HomeRow, labelCall, SIGNS, signsOfNext, signsOfReply } from './home-row.js'

interface HomeSource {
  /** Ability of a pool model for a task, logits; null for models that are not in the catalog. */
  readonly abilityOf: (model: string, task: Task) => number | null
  /** Calls decided since, milliseconds since the epoch. */
  readonly since?: number
  /** True for calls that the user wants nothing learned from. Calls kept without their text teach nothing in any case. */
  readonly isExcluded?: (call: CallRow) => boolean
}

/** A later call with the same question to a model stronger by this much, logits, within this time is a retry. */
const STRONGER = 0.3
const RETRY_MS = 15 * 60_000

/** Everything that can be learned from the ledger, oldest first. Side calls, failed and imported calls teach nothing. */
export function readHomeRows(ledger: Ledger, source: HomeSource): readonly HomeRow[] {
  const calls = ledger
    .listCalls({ status: 'ok', ...(source.since === undefined ? {} : { since: source.since }) })
    .filter((call) => call.sideKind === null && call.source === null && call.model !== null && source.isExcluded?.(call) !== true)
    .reverse()
  return [...groupedBy(calls, (call) => call.session ?? call.id)].flatMap(([session, own]) => readSession(ledger, source, session, own))
}

type Read = NonNullable<ReturnType<typeof readCall>>

function readSession(ledger: Ledger, source: HomeSource, session: string, calls: readonly CallRow[]): readonly HomeRow[] {
  const read = calls.flatMap((call) => readCall(ledger, source, call) ?? [])
  return read.flatMap((own, i) => {
    const next = read[i + 1]
    const retried = read.slice(i + 1).some((later) => isRetry(own, later))
    const signs = [...own.signs, ...(next === undefined ? [] : signsOfNext(next.trajectory)), ...(retried ? (['retry'] as const) : [])]
    const label = labelCall(own.feedback, signs, next !== undefined)
    return label === null ? [] : [{ id: own.call.id, session, prompt: own.prompt, ability: own.ability, ...label }]
  })
}

function isRetry(own: Read, later: Read): boolean {
  return (
    later.prompt === own.prompt &&
    !later.trajectory.inToolLoop &&
    later.ability > own.ability + STRONGER &&
    later.call.decidedAtMs - own.call.decidedAtMs < RETRY_MS
  )
}

function readCall(ledger: Ledger, source: HomeSource, call: CallRow) {
  const bodies = ledger.bodiesOf(call.id)
  const ability = source.abilityOf(call.model!, call.task as Task)
  if (bodies === null || ability === null) return null
  const stored = readStoredRequest(bodies.request.map((m) => m.json))
  if (stored === null) return null
  const { request } = stored
  const turn = readTurn(request)
  if (turn.text === '') return null
  const outcomes = ledger.getCall(call.id)?.outcomes ?? []
  const said = outcomes.findLast((o) => o.kind === 'feedback')?.value ?? null
  const noted = outcomes.flatMap((o) => SIGNS.filter((sign) => sign === o.kind))
  return {
    call,
    prompt: turn.text,
    ability,
    trajectory: readTrajectory(request, turn),
    signs: bodies.reply === null ? noted : [...noted, ...signsOfReply(request, JSON.parse(bodies.reply) as Reply)],
    feedback: said,
  }
}
