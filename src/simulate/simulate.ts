import { Fault } from '../kit/index.js'
import type { Ledger, ReplayDecided } from '../ledger/index.js'
import { decide, decodeInput, decodeSignals } from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import { prefixLinks, queryOf } from './follow.js'
import { imagine, type LoggedCall } from './imagine.js'
import { checkLog } from './log-check.js'
import { measureModels } from './measure-models.js'
import { readTables } from './read-tables.js'
import { resultOf } from './result.js'
import type { Simulation } from './types.js'

export interface SimulateOptions {
  /** Milliseconds since the epoch; calls outside still move the state, but are not counted. */
  readonly sinceMs?: number
  readonly untilMs?: number
  /** Decide pinned calls again instead of keeping them. */
  readonly includePinned?: boolean
  /** Called with the calls done so far, now and then. */
  readonly progress?: (calls: number) => void
}

const PROGRESS_EVERY = 1000

/**
 * Replays a ledger's events in order, under the recorded choices and, beside them, under each other policy's own. One pass serves them all.
 * Throws E_EMPTY when no call is in the range.
 */
export function simulate(ledger: Ledger, alternatives: readonly Alternative[], options: SimulateOptions = {}): readonly Simulation[] {
  const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY, includePinned = false, progress } = options
  const tables = readTables(ledger)
  const linkOf = prefixLinks(ledger.prefixes())
  const behaviour = measureModels(ledger, tables)
  const check = checkLog(tables)
  const imagined = alternatives.map((alternative) => imagine(alternative, behaviour, includePinned))
  const open = new Map<number, LoggedCall>()
  const isCounted = ({ atMs }: ReplayDecided): boolean => atMs >= sinceMs && atMs < untilMs
  let counted = 0
  let done = 0

  for (const events of ledger.replay()) {
    for (const event of events) {
      if (event.kind === 'decided') {
        const input = decodeInput(event.input, decodeSignals(event.signals), tables)
        const leaf = linkOf(event.prefixLeaf)
        const call: LoggedCall = { row: event, input, plan: decide(input), leaf, query: queryOf(event, input, leaf) }
        if (isCounted(event)) counted++
        check.decided(event, input, call.plan, call, isCounted(event))
        for (const one of imagined) one.decided(call)
        open.set(event.seq, call)
      } else if (event.kind === 'settled') {
        const call = open.get(event.call)
        if (call === undefined) continue
        open.delete(event.call)
        check.settled(call.row, event, call.input, isCounted(call.row))
        for (const one of imagined) one.settled(call, event, isCounted(call.row))
        if (++done % PROGRESS_EVERY === 0) progress?.(done)
      }
    }
  }
  for (const call of open.values()) if (isCounted(call.row)) for (const one of imagined) one.leftOpen(call)
  if (counted === 0) {
    throw new Fault('E_EMPTY', 'There are no calls to simulate in this range.', {
      hint: 'Send some through `llmroute serve` or `llmroute ask`, or widen --since.',
    })
  }
  return imagined.map((one) => resultOf(one, check, behaviour))
}
