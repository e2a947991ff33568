import type { EndedCall, Ledger, StoredMessage } from '../ledger/index.js'
import type { HistoryCall } from './types.js'

/** A logged call as the ledger records one: decided by today's policy on what was known then, settled as it really went. */
export interface ImportedCall extends EndedCall {
  /** Policies and model revisions that they name. */
  readonly remember: readonly { readonly kind: 'policy' | 'model_rev'; readonly hash: string; readonly json: string }[]
  readonly bodies?: ImportedBodies | undefined
}

export interface ImportedBodies {
  readonly request: readonly StoredMessage[]
  readonly reply: string | null
  /** Characters of the reply and of what the conversation did not have at the call before: it repeats the rest with every turn. */
  readonly added: number
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

export interface ImportOptions<Call> {
  /** Whether the ledger has a call from an earlier import; it is asked itself unless this is known already. */
  readonly isKnown?: (call: Call) => boolean
  /** After every group of calls. */
  readonly onProgress?: (progress: ImportProgress) => void
}

/** Calls written in one transaction: tens of milliseconds, for which a daemon with the same ledger waits. */
const GROUP = 128
/** Text handed over at once: a ledger drops bodies when far more than this wait for a slow disk. */
const GROUP_CHARS = 16 * 1024 * 1024

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
  let stored: Promise<void> = Promise.resolve()
  const remembered = new Set<string>()
  const progress = (): ImportProgress => ({ read, imported, known, skipped })

  async function settle(): Promise<void> {
    const written = group.length === 0 ? revisions : [...revisions, ledger.record(group)]
    // After their calls, without which they are not stored.
    for (const { open, bodies } of group) if (bodies !== undefined) ledger.bodies(open.id, bodies.request, bodies.reply)
    revisions = []
    group = []
    groupChars = 0
    await Promise.all(written)
    await stored
    stored = ledger.flush()
    options.onProgress?.(progress())
  }

  function write(call: ImportedCall): void {
    for (const { kind, hash, json } of call.remember) {
      if (remembered.has(hash)) continue
      remembered.add(hash)
      revisions.push(ledger.remember(kind, hash, json))
    }
    group.push(call)
    groupChars += call.bodies?.added ?? 0
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
  await stored
  await ledger.flush()
  return progress()
}
