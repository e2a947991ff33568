import { isDown } from '../database/sqlite-errors.js'
import type { Ledger } from '../ledger.js'
import { readLines } from './spool-file.js'
import { applyRecord, parseSpoolLine, type SpoolRecord } from './spool-record.js'

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
