import type { EndedCall, Ledger } from '../ledger/index.js'
import type { HistoryCall } from './types.js'

/** A logged call as the ledger records one: decided by today's policy on what was known then, settled as it really went. */
export interface ImportedCall extends EndedCall {
  /** Policies and model revisions that they name. */
  readonly remember: readonly { readonly kind: 'policy' | 'model_rev'; readonly hash: string; readonly json: string }[]
  /** Characters of its bodies that the conversation did not have at the call before: it repeats the rest with every turn. */
  readonly addedChars: number
}

/** Makes the complete record of a logged call, or says why that is not possible. Supplied by the caller, who knows models and policies. */
export type BuildRecord<Call = HistoryCall> = (call: Call) => ImportedCall | { readonly skip: string }

export interface ImportProgress {
  readonly read: number
  readonly imported: number
  /** In the ledger from an earlier import. */
  readonly known: number
  readonly skipped: Readonly<Record<string, number>>
}

interface ImportOptions<Call> {
  /** Whether the ledger has a call from an earlier import; it is asked itself unless this is known already. */
  readonly isKnown?: (call: Call) => boolean
  /** After every group of calls. */
  readonly onProgress?: (progress: ImportProgress) => void
}

/** Calls written in one transaction: tens of milliseconds, for which a daemon with the same ledger waits. */
const GROUP = 128
/** Their new text: the ledger compresses it as one pack, all of which is read for one of its messages. */
const GROUP_CHARS = 256 * 1024

/** Writes logged calls into the ledger, each completely or not at all. An existing call stays unchanged. */
export async function importCalls<Call extends { readonly id: string }>(
  ledger: Ledger,
  calls: AsyncIterable<Call>,
  buildRecord: BuildRecord<Call>,
  options: ImportOptions<Call> = {},
): Promise<ImportProgress> {
  const { isKnown = ({ id }) => ledger.hasCall(id) } = options
  let read = 0
  let imported = 0
  let known = 0
  const skipped: Record<string, number> = {}
  let group: ImportedCall[] = []
  let revisions: Promise<unknown>[] = []
  let groupChars = 0
  /** The bodies of the group before are compressed on other threads while the next is made. */
  let written: Promise<unknown> = Promise.resolve()
  const remembered = new Set<string>()
  const progress = (): ImportProgress => ({ read, imported, known, skipped })

  async function settle(): Promise<void> {
    await written
    written = Promise.all(group.length === 0 ? revisions : [...revisions, ledger.record(group)])
    // A failure is thrown where it is waited for.
    written.catch(() => {})
    revisions = []
    group = []
    groupChars = 0
    options.onProgress?.(progress())
  }

  function write(call: ImportedCall): void {
    for (const { kind, hash, json } of call.remember) {
      if (remembered.has(hash)) continue
      remembered.add(hash)
      revisions.push(ledger.remember(kind, hash, json))
    }
    group.push(call)
    groupChars += call.addedChars
    imported++
  }

  for await (const call of calls) {
    read++
    if (isKnown(call)) known++
    else {
      const record = buildRecord(call)
      if ('skip' in record) skipped[record.skip] = (skipped[record.skip] ?? 0) + 1
      else write(record)
    }
    if (group.length >= GROUP || groupChars >= GROUP_CHARS || read % (GROUP * 8) === 0) await settle()
  }
  await settle()
  await written
  return progress()
}
