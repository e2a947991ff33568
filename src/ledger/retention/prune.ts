import { DAY_MS } from '../../kit/index.js'
import type { CommitQueue } from '../database/commit-queue.js'
import type { Db } from '../database/native.js'
import type { Ledger } from '../ledger.js'
import type { ReplayEvent, ReplayRange } from '../replay/replay-events.js'
import type { Checkpoint, Checkpoints } from './checkpoints.js'
import { openPace } from './pace.js'
import { preparePruneBodies } from './prune-bodies.js'
import { preparePruneCalls } from './prune-calls.js'
import { prunePrefixes } from './prune-prefixes.js'

export interface PruneOptions {
  /** Calls decided before this moment go, with everything of theirs but their share in the hourly sums. Milliseconds. */
  readonly callsBefore?: number
  /** Bodies of calls decided before this moment go. */
  readonly bodiesBefore?: number
  /**
   * Folds events onto a checkpoint (null: the very beginning) and returns the state as a checkpoint keeps it. Asked for when no
   * saved checkpoint stands where the remaining calls begin; without it calls are pruned up to the last saved one only.
   */
  readonly fold?: (
    from: Checkpoint | null,
    events: Generator<ReplayEvent[]>,
  ) => Promise<{ readonly engine: number; readonly state: Uint8Array }>
  /** Pause between steps, milliseconds; 0 only lets the event loop turn. Default 0. */
  readonly restMs?: number
}

export interface Pruned {
  readonly calls: number
  readonly bodies: number
  readonly prefixes: number
}

/** Calls or lists a step, at most. */
const STEP = 100

interface PruneParts {
  readonly queue: CommitQueue
  readonly checkpoints: Checkpoints
  readonly replay: (range: ReplayRange) => Generator<ReplayEvent[]>
  readonly forget: () => void
  readonly now: () => number
}

/** Deletes old rows in small steps, so that calls are served in between. */
export function preparePrune(db: Db, parts: PruneParts): (options: PruneOptions) => Promise<Pruned> {
  const { queue, checkpoints } = parts
  const calls = preparePruneCalls(db)
  const bodies = preparePruneBodies(db, queue, parts.now)

  /** Where the remaining calls will begin; its checkpoint is in the file when this resolves. */
  async function cutFor(options: PruneOptions, before: number, pause: () => Promise<void>): Promise<number> {
    const first = checkpoints.firstSeq()
    const wanted = await calls.cutAt(before, first, pause)
    const saved = checkpoints.latest(wanted)
    if (saved?.seq === wanted || wanted <= first) return wanted
    if (options.fold === undefined) return Math.max(first, saved?.seq ?? first)
    const events = parts.replay({ fromSeq: saved?.seq ?? first, untilSeq: wanted, page: STEP })
    const folded = await options.fold(saved, events)
    await queue.run(() => checkpoints.save({ seq: wanted, atMs: parts.now(), ...folded }))
    return wanted
  }

  return async (options) => {
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, options.restMs ?? 0))
    const repeat = async (step: (limit: number) => number) => {
      const pace = openPace(queue, STEP)
      for (let total = 0; ; await pause()) {
        const limit = pace.limit()
        const done = await pace.run(() => step(limit))
        total += done
        if (done < limit) return total
      }
    }
    let deletedCalls = 0
    let deletedBodies = 0
    if (options.callsBefore !== undefined) {
      const cut = await cutFor(options, options.callsBefore, pause)
      // From here on a replay starts at the cut, whether or not the rows before it are deleted yet.
      await queue.run(() => checkpoints.setFirstSeq(cut))
      deletedCalls = await repeat((limit) => calls.step(cut, limit))
    }
    const bodiesBefore = Math.max(options.callsBefore ?? 0, options.bodiesBefore ?? 0)
    if (bodiesBefore > 0) {
      deletedBodies = await repeat((limit) => bodies.dropLists(bodiesBefore, limit))
      await bodies.dropMessages(bodiesBefore, pause)
      parts.forget()
    }
    const prefixes = deletedCalls === 0 ? 0 : await prunePrefixes(db, queue, pause)
    return { calls: deletedCalls, bodies: deletedBodies, prefixes }
  }
}

interface RetainOptions {
  /** How long calls are kept, milliseconds; null for ever. */
  readonly keepMs: number | null
  /** Bytes the file may fill; null for no limit. Bodies go first, oldest first, then calls. */
  readonly maxBytes: number | null
  readonly fold?: PruneOptions['fold']
  readonly now?: () => number
  /** Pause between steps, milliseconds. Default 50. */
  readonly restMs?: number
}

/** Space freed beyond the limit, so that pruning does not start again with every call. */
const TARGET = 0.9

/** One round of housekeeping: deletes what is too old, then as much as the size limit requires, a day at a time. */
export async function retain(ledger: Ledger, options: RetainOptions): Promise<void> {
  const now = (options.now ?? Date.now)()
  const common = { restMs: options.restMs ?? 50, ...(options.fold === undefined ? {} : { fold: options.fold }) }
  if (options.keepMs !== null) await ledger.prune({ callsBefore: now - options.keepMs, ...common })
  if (options.maxBytes === null || ledger.counts().usedBytes <= options.maxBytes) return
  const enough = () => ledger.counts().usedBytes <= (options.maxBytes ?? 0) * TARGET
  for (const kind of ['bodiesBefore', 'callsBefore'] as const) {
    const oldest = kind === 'bodiesBefore' ? ledger.oldestBodyMs() : ledger.counts().oldestMs
    for (let day = oldest ?? now; day < now && !enough(); ) {
      day += DAY_MS
      await ledger.prune({ [kind]: Math.min(day, now), ...common })
    }
  }
}
