import type { Ledger } from '../ledger.js'
import { isDown } from './is-down.js'
import { readLines } from './spool-file.js'
import { applyRecord, parseSpoolLine, type SpoolRecord } from './spool-record.js'

export interface LoadedSpool {
  readonly records: number
  /** Lines that could not be read or that the ledger refused as meaningless. */
  readonly skipped: number
  /** Calls opened but not settled by what was read. */
  readonly unsettled: ReadonlySet<string>
  /** Where in the file to go on. */
  readonly end: number
}

/** Writes the records of a spool file into the ledger. Throws when the ledger fails again; what was loaded stays loaded. */
export async function loadSpool(ledger: Ledger, path: string, from: number): Promise<LoadedSpool> {
  const unsettled = new Set<string>()
  let records = 0
  let skipped = 0
  let end = from
  for (const piece of readLines(path, from)) {
    const parsed = piece.lines.map(parseSpoolLine)
    const group = parsed.filter((record) => record !== null)
    skipped += parsed.length - group.length
    // Handed over together, in order: they share transactions, and the event loop turns between groups.
    const results = await Promise.allSettled(group.map((record) => applyRecord(ledger, record)))
    for (const [i, result] of results.entries()) {
      if (result.status === 'rejected') {
        if (isDown(result.reason)) throw result.reason
        skipped++
        continue
      }
      records++
      follow(group[i], unsettled)
    }
    await ledger.flush()
    end = piece.end
  }
  return { records, skipped, unsettled, end }
}

function follow(record: SpoolRecord | undefined, unsettled: Set<string>): void {
  if (record?.op === 'open') unsettled.add(record.call.id)
  if (record?.op === 'settle') unsettled.delete(record.call.id)
}
