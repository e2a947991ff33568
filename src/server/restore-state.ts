import type { AttemptRow, Checkpoint, Ledger, ReplayDecided, ReplayEvent } from '../ledger/index.js'
import {
  type DecideInput,
  decodeInput,
  decodePlan,
  decodeSignals,
  ENGINE,
  emptyState,
  fold,
  loadState,
  type State,
  saveState,
} from '../policy/index.js'
import { decidedEvent, prefixLinks, settledEvent } from '../simulate/follow.js'
import { readTables } from '../simulate/read-tables.js'
import { attemptSeen, type Outlook } from './learned-outlook.js'

export interface Restored {
  readonly state: State
  /** Events that could not be read: rows of a newer version, or of a damaged file. */
  readonly skipped: number
}

/** Calls that the expectations of models are learned from at a start; older ones have faded. */
const LEARNED_CALLS = 3000
/** After this many events a start leaves a checkpoint for the next one. */
const CHECKPOINT_EVENTS = 5000

/** The state that decisions depend on, and what was learned of models, from what the ledger holds. */
export async function restoreState(ledger: Ledger, outlook: Pick<Outlook, 'learn'>): Promise<Restored> {
  const recent = ledger.listCalls({ limit: LEARNED_CALLS }).at(-1)?.seq ?? 0
  const checkpoint = ledger.checkpoint()
  const usable = checkpoint !== null && checkpoint.engine === ENGINE ? checkpoint : null
  const follower = createFollower(ledger, usable, (row, input, served) => {
    const rev = row.seq < recent ? undefined : input.models.find((m) => m.rev.id === served.model)?.rev
    if (rev !== undefined) outlook.learn(attemptSeen(rev, served, input.signals, input))
  })
  const fromSeq = usable === null ? {} : { fromSeq: usable.seq }
  for (const page of ledger.replay(fromSeq)) for (const event of page) follower.take(event)
  const { state, skipped, events, nextSeq } = follower.done()
  if (events > CHECKPOINT_EVENTS) {
    await ledger.saveCheckpoint({ seq: nextSeq, atMs: Date.now(), engine: ENGINE, state: encode(state) }).catch(() => undefined)
  }
  return { state, skipped }
}

/** Folds events onto a checkpoint, for pruning: what is deleted must leave the state that it led to. */
export function foldForPruning(ledger: Ledger) {
  return async (from: Checkpoint | null, pages: Generator<ReplayEvent[]>) => {
    const follower = createFollower(ledger, from?.engine === ENGINE ? from : null, () => {})
    for (const page of pages) {
      for (const event of page) follower.take(event)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { engine: ENGINE, state: encode(follower.done().state) }
  }
}

function createFollower(
  ledger: Ledger,
  from: Checkpoint | null,
  onServed: (row: ReplayDecided, input: DecideInput, served: AttemptRow) => void,
) {
  let state = from === null ? emptyState() : loadState(Buffer.from(from.state).toString('utf8'))
  let skipped = 0
  let events = 0
  let nextSeq = from?.seq ?? 0
  const tables = readTables(ledger)
  const leafOf = prefixLinks(ledger.prefixes())
  const open = new Map<number, { readonly row: ReplayDecided; readonly input: DecideInput }>()

  const follow = (event: ReplayEvent): void => {
    if (event.kind === 'decided') {
      const input = decodeInput(event.input, decodeSignals(event.signals), tables)
      open.set(event.seq, { row: event, input })
      if (!event.folded) state = fold(state, decidedEvent(event, input, decodePlan(event.plan, input), leafOf(event.prefixLeaf)))
    } else if (event.kind === 'settled') {
      const decided = open.get(event.call)
      if (decided === undefined) return
      open.delete(event.call)
      state = fold(state, settledEvent(decided.row.id, event, decided.input))
      const served = event.attempts.find((a) => a.purpose === 'serve' && a.outcome === 'ok')
      if (served !== undefined) onServed(decided.row, decided.input, served)
    }
  }
  return {
    take(event: ReplayEvent): void {
      events++
      nextSeq = Math.max(nextSeq, event.seq + 1)
      try {
        follow(event)
      } catch {
        skipped++
      }
    },
    done: () => ({ state, skipped, events, nextSeq }),
  }
}

function encode(state: State): Uint8Array {
  return Buffer.from(saveState(state), 'utf8')
}
