import type { CallOpen, CallSettle, Ledger, StoredMessage } from '../ledger/index.js'
import type { HistoryCall } from './types.js'

/** A logged call as the ledger records one: decided by today's policy on what was known then, settled as it really went. */
export interface ImportedCall {
  readonly open: CallOpen
  readonly settle: CallSettle
  /** Policies and model revisions that they name. */
  readonly remember: readonly { readonly kind: 'policy' | 'model_rev'; readonly hash: string; readonly json: string }[]
  readonly bodies?: { readonly request: readonly StoredMessage[]; readonly reply: string | null }
}

/** Makes the complete record of a logged call, or says why it cannot be one. Given by whoever knows models and policies. */
export type BuildRecord = (call: HistoryCall) => ImportedCall | { readonly skip: string }

export interface ImportProgress {
  readonly read: number
  readonly imported: number
  /** In the ledger from an earlier import. */
  readonly known: number
  readonly skipped: Readonly<Record<string, number>>
}

export interface ImportOptions {
  /** After every group of calls. */
  readonly onProgress?: (progress: ImportProgress) => void
}

const GROUP = 256

/** Writes logged calls into the ledger, each whole or not at all. A call that is there already stays as it is. */
export async function importCalls(
  ledger: Ledger,
  calls: AsyncIterable<HistoryCall>,
  buildRecord: BuildRecord,
  options: ImportOptions = {},
): Promise<ImportProgress> {
  let read = 0
  let imported = 0
  let known = 0
  const skipped: Record<string, number> = {}
  let group: Promise<unknown>[] = []
  const remembered = new Set<string>()
  const progress = (): ImportProgress => ({ read, imported, known, skipped })

  async function settle(): Promise<void> {
    await Promise.all(group)
    group = []
    options.onProgress?.(progress())
  }

  function write(call: ImportedCall): void {
    for (const { kind, hash, json } of call.remember) {
      if (remembered.has(hash)) continue
      remembered.add(hash)
      group.push(ledger.remember(kind, hash, json))
    }
    group.push(ledger.record(call.open, call.settle))
    if (call.bodies !== undefined) ledger.bodies(call.open.id, call.bodies.request, call.bodies.reply)
    imported++
  }

  for await (const call of calls) {
    read++
    if (ledger.hasCall(call.id)) known++
    else {
      const record = buildRecord(call)
      if ('skip' in record) skipped[record.skip] = (skipped[record.skip] ?? 0) + 1
      else write(record)
    }
    if (group.length >= GROUP || read % (GROUP * 4) === 0) await settle()
  }
  await settle()
  await ledger.flush()
  return progress()
}
