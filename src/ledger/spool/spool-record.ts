import { isDown } from '../database/sqlite-errors.js'
import type { Ledger } from '../ledger.js'
import type { AttemptRow, CallOpen, CallSettle, OutcomeRow, StoredMessage } from '../types.js'
import { readLines } from './spool-file.js'

/** One write that the ledger could not take. Format 1: one JSON object a line, blobs in base64. */
export type SpoolRecord =
  | { readonly op: 'open'; readonly call: CallOpen }
  | { readonly op: 'settle'; readonly call: CallSettle }
  | { readonly op: 'attempt'; readonly id: string; readonly attempt: AttemptRow }
  | { readonly op: 'outcome'; readonly row: OutcomeRow }
  | { readonly op: 'remember'; readonly kind: 'policy' | 'model_rev'; readonly hash: string; readonly json: string }
  | { readonly op: 'bodies'; readonly id: string; readonly request: readonly StoredMessage[]; readonly reply: string | null }

export function spoolLine(record: SpoolRecord): string {
  const written = record.op === 'open' ? { op: 'open', call: { ...record.call, ...mapBlobs(record.call, toBase64) } } : record
  return `${JSON.stringify(written)}\n`
}

/** Null for a line that was cut short by a crash. */
export function parseSpoolLine(line: string): SpoolRecord | null {
  try {
    const record = JSON.parse(line) as SpoolRecord
    if (record.op !== 'open') return record
    return { op: 'open', call: { ...record.call, ...mapBlobs(record.call, fromBase64) } }
  } catch {
    return null
  }
}

const toBase64 = (blob: unknown) => Buffer.from(blob as Uint8Array).toString('base64') as unknown as Uint8Array
const fromBase64 = (text: unknown) => Buffer.from(text as string, 'base64')

function mapBlobs(call: CallOpen, map: (blob: unknown) => Uint8Array): Pick<CallOpen, 'signals' | 'input' | 'plan'> {
  return { signals: map(call.signals), input: map(call.input), plan: map(call.plan) }
}

/** Applying a record twice is harmless except for outcomes, which are therefore loaded with the rest of their group or not at all. */
export function applyRecord(ledger: Ledger, record: SpoolRecord): Promise<unknown> {
  switch (record.op) {
    case 'open':
      // What was accepted without a ledger stays accepted, whatever the budget is now.
      return ledger.open({ ...record.call, reservations: record.call.reservations.map(({ scope, amount }) => ({ scope, amount })) })
    case 'settle':
      return ledger.settle(record.call)
    case 'attempt':
      return ledger.attempt(record.id, record.attempt)
    case 'outcome':
      return ledger.outcome(record.row)
    case 'remember':
      return ledger.remember(record.kind, record.hash, record.json)
    case 'bodies':
      ledger.bodies(record.id, record.request, record.reply)
      return Promise.resolve()
  }
}

/** Messages whose text is known to be in the spool; beyond this number some are written twice. */
const MOST_SPOOLED_MESSAGES = 100_000

/** Spools the text of a message only once, with secrets taken out: later records refer to it by digest. */
export function spooledMessages(redact: (json: string) => string) {
  const digests = new Set<string>()

  function once({ digest, json }: StoredMessage): StoredMessage {
    if (digests.has(digest)) return { digest, json: '' }
    if (digests.size >= MOST_SPOOLED_MESSAGES) digests.clear()
    digests.add(digest)
    return { digest, json: redact(json) }
  }

  return {
    shorten(record: SpoolRecord): SpoolRecord {
      if (record.op !== 'bodies') return record
      return { ...record, request: record.request.map(once), reply: record.reply === null ? null : redact(record.reply) }
    },
    clear: () => digests.clear(),
  }
}

/**
 * Writes the records of a spool file into the ledger; unreadable lines and records that it rejects as invalid are skipped. Throws when the
 * ledger fails again; what was loaded stays loaded. Returns the calls opened but not settled by these records, and where in the file to go on.
 */
export async function loadSpool(ledger: Ledger, path: string, from: number) {
  const unsettled = new Set<string>()
  let end = from
  for (const piece of readLines(path, from)) {
    const group = piece.lines.map(parseSpoolLine).filter((record) => record !== null)
    // Handed over together, in order: they share transactions, and the event loop turns between groups.
    const results = await Promise.allSettled(group.map((record) => applyRecord(ledger, record)))
    for (const [i, result] of results.entries()) {
      if (result.status === 'fulfilled') follow(group[i], unsettled)
      else if (isDown(result.reason)) throw result.reason
    }
    await ledger.flush()
    end = piece.end
  }
  return { unsettled, end }
}

function follow(record: SpoolRecord | undefined, unsettled: Set<string>): void {
  if (record?.op === 'open') unsettled.add(record.call.id)
  if (record?.op === 'settle') unsettled.delete(record.call.id)
}
