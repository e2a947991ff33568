import { Fault } from '../kit/index.js'
import { type Ledger, type ReplayDecided, type ReplayEvent, type ReplaySettled, VERIFICATION } from '../ledger/index.js'
import { ENGINE, emptyLearned, emptyState, type Learned, loadState, type State, type Tables } from '../policy/index.js'
import type { Alternative } from './alternatives.js'
import { trackBaselines } from './baselines.js'
import type { Behaviour } from './behaviour.js'
import { drawPaths } from './draw-paths.js'
import { prefixLinks } from './follow.js'
import { imagine, type Watch } from './imagine.js'
import { checkLog } from './log-check.js'
import { type LoggedCall, loggedCall, newNumbering, readInput } from './logged-call.js'
import { trackRecorded } from './recorded-calls.js'
import { learnFromLog } from './relearn.js'

export type Counts = (row: ReplayDecided) => boolean

export interface ReplayRequest {
  readonly tables: Tables
  readonly behaviour: Behaviour
  readonly alternatives: readonly Alternative[]
  /** Whether the log's own decisions are checked, and baselines added up. */
  readonly check: boolean
  readonly sinceMs: number
  readonly untilMs: number
  readonly includePinned: boolean
  /** Calls of the range that count; all when absent. The others still move the state. */
  readonly counts?: Counts | undefined
  /** Policies for which path errors are drawn: only the width of intervals needs them. */
  readonly paths: readonly Alternative[]
  /** Called now and then with the number of further calls done. */
  readonly progress?: ((calls: number) => void) | undefined
  readonly watch?: Watch | undefined
}

/** What one pass over a log has gathered. */
export type Replayed = Readonly<ReturnType<typeof replayLog>>

/** A consumer of a pass over the log. */
interface Follower {
  decided(call: LoggedCall, known: Learned): void
  settled(call: LoggedCall, end: ReplaySettled, known: Learned): void
}

/** A call was decided or, with its end, ended. */
interface Step {
  readonly call: LoggedCall
  readonly end: ReplaySettled | null
  /** What the log has taught a router before. */
  readonly known: Learned
}

/**
 * Replays a ledger's events in order, under the recorded choices and, beside them, under each other policy's own. One pass serves them all: a page
 * is decoded once, then each policy goes through all of it. Step by step they would push one another's state out of the processor's caches.
 * Throws E_EMPTY when no call is in the range.
 */
export function replayLog(ledger: Ledger, request: ReplayRequest) {
  const { behaviour, alternatives, includePinned, progress, watch } = request
  const checker = request.check ? checkLog(request.tables, startOf(ledger)) : null
  const baselines = request.check ? trackBaselines(behaviour) : null
  const newState = () => startOf(ledger)
  const calls = ledger.counts().calls
  const common = { behaviour, includePinned }
  const drawn = request.paths.map((alternative) => drawPaths(alternative, calls, common, newState))
  const imagined = alternatives.map((alternative) => imagine(alternative, { ...common, state: newState(), watch }))
  const recorded = trackRecorded()
  const paths = drawn.flatMap((one) => one.paths)
  const followers: readonly Follower[] = [checker, baselines, recorded, ...imagined, ...paths].filter((one) => one !== null)
  const reader = readSteps(ledger, request)

  for (const events of ledger.replay()) {
    const steps = reader.read(events, imagined.length > 0 || paths.some((path) => path.follows()))
    for (const follower of followers) followSteps(follower, steps)
    progress?.(events.length / 2)
  }
  checker?.unreadable(reader.unreadable())
  for (const one of imagined) {
    one.leaveOut('still running', reader.leftOpen())
    one.leaveOut('its record cannot be read', reader.unreadable())
  }
  const [sinceMs, untilMs] = reader.range()
  if (Number.isNaN(sinceMs)) {
    throw new Fault('E_EMPTY', 'There are no calls to simulate in this range.', {
      hint: 'Send some through `llmroute serve` or `llmroute ask`, or widen --since.',
    })
  }
  return {
    imagined,
    /** Relative standard error of each of `paths`; null when nothing was followed. */
    pathErrors: drawn.map((one) => one.error()),
    check: checker?.check ?? null,
    baselines: baselines?.sums() ?? [],
    recorded,
    sinceMs,
    untilMs,
    sessionKey: reader.sessionKey,
  }
}

function followSteps(follower: Follower, steps: readonly Step[]): void {
  for (const { call, end, known } of steps) {
    if (end === null) follower.decided(call, known)
    else follower.settled(call, end, known)
  }
}

/** Decodes events, and keeps calls that have not ended. */
function readSteps(ledger: Ledger, { tables, sinceMs, untilMs, counts = () => true }: ReplayRequest) {
  const linkOf = prefixLinks(ledger.prefixes())
  const sessions = newNumbering()
  const open = new Map<number, LoggedCall>()
  let [first, last] = [Number.NaN, Number.NaN]
  let unreadable = 0
  let known = emptyLearned()

  /** Null for a record of a newer version, or of a damaged file. */
  function decided(row: ReplayDecided): LoggedCall | null {
    const isTraffic = !row.folded && row.source !== VERIFICATION
    const counted = isTraffic && row.atMs >= sinceMs && row.atMs < untilMs && counts(row)
    if (counted) {
      if (Number.isNaN(first)) first = row.atMs
      last = row.atMs
    }
    const input = readInput(row, tables)
    if (input === null) {
      if (counted) unreadable++
      return null
    }
    const call = loggedCall(row, input, linkOf(row.prefixLeaf), sessions.of(row.session ?? row.id), counted)
    open.set(row.seq, call)
    return call
  }

  return {
    /** Counted calls that have not ended. */
    leftOpen: () => [...open.values()].filter((call) => call.counted).length,
    unreadable: () => unreadable,
    /** Times of the first and the last call that count; not a number where there are none. */
    range: () => [first, last] as const,
    sessionKey: sessions.key,
    /** `learns`: whether anyone still asks what the log teaches. */
    read(events: readonly ReplayEvent[], learns: boolean): readonly Step[] {
      const steps: Step[] = []
      for (const event of events) {
        if (event.kind === 'decided') {
          const call = decided(event)
          if (call !== null) steps.push({ call, end: null, known })
        } else if (event.kind === 'settled') {
          const call = open.get(event.call)
          if (call === undefined) continue
          open.delete(event.call)
          steps.push({ call, end: event, known })
          if (learns) known = learnFromLog(known, call, event)
        }
      }
      return steps
    },
  }
}

/** The state where the log starts: nothing, or what pruning has left of the calls before. */
function startOf(ledger: Ledger): State {
  const firstSeq = ledger.firstSeq()
  const checkpoint = firstSeq === 0 ? null : ledger.checkpoint(firstSeq)
  const isUsable = checkpoint !== null && checkpoint.seq === firstSeq && checkpoint.engine === ENGINE
  return isUsable ? loadState(Buffer.from(checkpoint.state).toString('utf8')) : emptyState()
}
