import { DAY_MS } from '../../kit/index.js'
import type { Ledger } from '../ledger.js'
import type { PruneOptions } from './prune.js'

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
