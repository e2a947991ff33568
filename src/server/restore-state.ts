import type { Checkpoint, Ledger, ReplayEvent } from '../ledger/index.js'
import {
  decodeInput,
  decodePlan,
  decodeSignals,
  ENGINE,
  emptyState,
  fold,
  type LearnEvent,
  loadState,
  type State,
  saveState,
} from '../policy/index.js'
import { decidedEvent, prefixLinks, settledEvent } from '../simulate/follow.js'
import { readTables } from '../simulate/logged-call.js'
import { createLessons, type Decided, type Lessons } from './learn-again.js'

/** Calls that the expectations of models are learned from at a start; older ones have faded. */
const LEARNED_CALLS = 3000
/** After this many events a start leaves a checkpoint for the next one. */
const CHECKPOINT_EVENTS = 5000

/**
 * The state that decisions depend on, rebuilt from the ledger; `learn` is told again what was learned about models. `skipped` counts events
 * that could not be read: rows of a newer version, or of a damaged file.
 */
export async function restoreState(ledger: Ledger, learn: (event: LearnEvent) => void): Promise<{ state: State; skipped: number }> {
  const recent = ledger.listCalls({ limit: LEARNED_CALLS }).at(-1)?.seq ?? 0
  const checkpoint = ledger.checkpoint()
  const usable = checkpoint !== null && checkpoint.engine === ENGINE ? checkpoint : null
  const lessons = createLessons(recent, learn)
  const follower = createFollower(ledger, usable, lessons)
  // Learned values are in no checkpoint, so the newest calls are read again even where the state needs only what came after it.
  const fromSeq = usable === null ? {} : { fromSeq: Math.min(usable.seq, recent) }
  for (const page of ledger.replay(fromSeq)) for (const event of page) follower.take(event)
  const { state, skipped, events, nextSeq } = follower.done()
  if (events > CHECKPOINT_EVENTS) {
    await ledger.saveCheckpoint({ seq: nextSeq, atMs: Date.now(), engine: ENGINE, state: encode(state) }).catch(() => undefined)
  }
  return { state, skipped }
}

/** Folds events onto a checkpoint, for pruning: the state that deleted events led to must survive them. */
export function foldForPruning(ledger: Ledger) {
  return async (from: Checkpoint | null, pages: Generator<ReplayEvent[]>) => {
    const follower = createFollower(ledger, from?.engine === ENGINE ? from : null, null)
    for (const page of pages) {
      for (const event of page) follower.take(event)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { engine: ENGINE, state: encode(follower.done().state) }
  }
}

function createFollower(ledger: Ledger, from: Checkpoint | null, lessons: Lessons | null) {
  let state = from === null ? emptyState() : loadState(Buffer.from(from.state).toString('utf8'))
  const foldFrom = from?.seq ?? 0
  let skipped = 0
  let events = 0
  let nextSeq = foldFrom
  const tables = readTables(ledger)
  const leafOf = prefixLinks(ledger.prefixes())
  const open = new Map<number, Decided>()

  const follow = (event: ReplayEvent): void => {
    const isNew = event.seq >= foldFrom
    if (event.kind === 'decided') {
      const input = decodeInput(event.input, decodeSignals(event.signals), tables)
      open.set(event.seq, { row: event, input })
      if (isNew && !event.folded) state = fold(state, decidedEvent(event, input, decodePlan(event.plan, input), leafOf(event.prefixLeaf)))
    } else if (event.kind === 'settled') {
      const decided = open.get(event.call)
      if (decided === undefined) return
      open.delete(event.call)
      if (isNew) state = fold(state, settledEvent(decided.row.id, event, decided.input))
      lessons?.settled(decided, event)
    } else lessons?.outcome(event)
  }
  return {
    take(event: ReplayEvent): void {
      if (event.seq >= foldFrom) events++
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
