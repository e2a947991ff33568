import { Fault } from '../kit/index.js'
import { type Ledger, VERIFICATION } from '../ledger/index.js'
import { decodeInput, decodeSignals, ENGINE, emptyState, loadState, type State, type Tables } from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import { type BaselineSum, trackBaselines } from './baselines.js'
import type { Behaviour } from './behaviour.js'
import { drawPaths } from './draw-paths.js'
import { prefixLinks } from './follow.js'
import { type Imagined, imagine, type Watch } from './imagine.js'
import { checkLog, type LogCheck } from './log-check.js'
import { type LoggedCall, loggedCall, newNumbering } from './logged-call.js'
import { learnFromLog } from './relearn.js'

export interface ReplayRequest {
  readonly tables: Tables
  readonly behaviour: Behaviour
  readonly alternatives: readonly Alternative[]
  /** Whether the log's own decisions are checked, and baselines added up. */
  readonly check: boolean
  readonly sinceMs: number
  readonly untilMs: number
  readonly includePinned: boolean
  /** Policies of which it is drawn how far a replay of them may go wrong: only the width of intervals needs it. */
  readonly paths: readonly Alternative[]
  /** Told how many more calls are done, now and then. */
  readonly progress?: ((calls: number) => void) | undefined
  readonly watch?: Watch | undefined
}

/** What one pass over a log has gathered. */
export interface Replayed {
  readonly imagined: readonly Imagined[]
  /** Relative standard error of each of `paths`; null when nothing was followed. */
  readonly pathErrors: readonly (number | null)[]
  readonly check: LogCheck | null
  readonly baselines: readonly BaselineSum[]
  readonly sinceMs: number
  readonly untilMs: number
  sessionKey(session: number): string
}

/**
 * Replays a ledger's events in order, under the recorded choices and, beside them, under each other policy's own. One pass serves them all.
 * Throws E_EMPTY when no call is in the range.
 */
export function replayLog(ledger: Ledger, request: ReplayRequest): Replayed {
  const { tables, behaviour, alternatives, includePinned, progress } = request
  const linkOf = prefixLinks(ledger.prefixes())
  const checker = request.check ? checkLog(tables, startOf(ledger)) : null
  const baselines = request.check ? trackBaselines(behaviour) : null
  const log = learnFromLog()
  const newState = () => startOf(ledger)
  const calls = ledger.counts().calls
  const common = { behaviour, includePinned, log }
  const paths = request.paths.map((alternative) => drawPaths(alternative, calls, common, newState))
  const imagined = alternatives.map((alternative) => imagine(alternative, { ...common, state: newState(), watch: request.watch }))
  const sessions = newNumbering()
  const open = new Map<number, LoggedCall>()
  let [first, last] = [Number.NaN, Number.NaN]

  for (const events of ledger.replay()) {
    for (const event of events) {
      if (event.kind === 'decided') {
        const input = decodeInput(event.input, decodeSignals(event.signals), tables)
        const isTraffic = !event.folded && event.source !== VERIFICATION
        const counted = isTraffic && event.atMs >= request.sinceMs && event.atMs < request.untilMs
        const call = loggedCall(event, input, linkOf(event.prefixLeaf), sessions.of(event.session ?? event.id), counted)
        if (counted) {
          if (Number.isNaN(first)) first = event.atMs
          last = event.atMs
        }
        checker?.decided(call)
        for (const one of imagined) one.decided(call)
        for (const path of paths) path.decided(call)
        open.set(event.seq, call)
      } else if (event.kind === 'settled') {
        const call = open.get(event.call)
        if (call === undefined) continue
        open.delete(event.call)
        checker?.settled(call, event)
        baselines?.settled(call, event)
        for (const one of imagined) one.settled(call, event)
        for (const path of paths) path.settled(call, event)
        if (imagined.length > 0 || paths.some((path) => path.isOpen())) log.settled(call, event)
      }
    }
    progress?.(events.length / 2)
  }
  for (const call of open.values()) if (call.counted) for (const one of imagined) one.leftOpen(call)
  if (Number.isNaN(first)) {
    throw new Fault('E_EMPTY', 'There are no calls to simulate in this range.', {
      hint: 'Send some through `llmroute serve` or `llmroute ask`, or widen --since.',
    })
  }
  const [check, sums] = [checker?.check ?? null, baselines?.sums() ?? []]
  const pathErrors = paths.map((path) => path.error())
  return { imagined, pathErrors, check, baselines: sums, sinceMs: first, untilMs: last, sessionKey: sessions.key }
}

/** The state where the log starts: nothing, or what pruning has left of the calls before. */
function startOf(ledger: Ledger): State {
  const firstSeq = ledger.firstSeq()
  const checkpoint = firstSeq === 0 ? null : ledger.checkpoint(firstSeq)
  const isUsable = checkpoint !== null && checkpoint.seq === firstSeq && checkpoint.engine === ENGINE
  return isUsable ? loadState(Buffer.from(checkpoint.state).toString('utf8')) : emptyState()
}
