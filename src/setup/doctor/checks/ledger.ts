import { existsSync, statSync } from 'node:fs'
import { asFault, formatNumberOf } from '../../../kit/index.js'
import { openLedger } from '../../../ledger/index.js'
import { type Check, type Finding, findingsOf } from '../finding.js'

const { ok, note, warning, error } = findingsOf('ledger')

/** Reads the whole ledger: SQLite's own check, rows that point nowhere, sums that disagree. */
export const checkLedger: Check = async ({ ledger: path, daemon, machine }) => {
  if (path === null) return []
  if (!existsSync(path)) return [note(`${path} does not exist yet; the first call makes it.`)]
  try {
    const ledger = await openLedger(path, { readonly: true })
    try {
      const { calls, running } = ledger.counts()
      const { damage, orphans, undecided, wrongCallCosts, wrongHours } = ledger.verify()
      const faults = [
        ...damage,
        ...orphans,
        ...(undecided > 0 ? [`${undecided} calls without a decision`] : []),
        ...(wrongCallCosts.length > 0 ? [`${wrongCallCosts.length} calls whose cost is not the sum of their attempts`] : []),
        ...(wrongHours.length > 0 ? [`${wrongHours.length} hours whose sums disagree with their calls`] : []),
      ]
      return [
        faults.length === 0
          ? ok(`${path}: ${formatNumberOf(calls, 'call')}, sound`)
          : error(`${path} is damaged: ${faults.slice(0, 3).join('; ')}.`, 'Put a backup in its place, or name a new file with --db.'),
        ...(running > 0 && daemon === null
          ? [note(`${running} calls are marked as running although no daemon is.`, 'The next start marks them as interrupted.')]
          : []),
        ...readableByOthers(path, machine.platform),
      ]
    } finally {
      await ledger.close()
    }
  } catch (cause) {
    const { message, hint } = asFault(cause)
    return [error(`${message}.`, hint ?? 'Name another file with --db.')]
  }
}

function readableByOthers(path: string, platform: NodeJS.Platform): readonly Finding[] {
  if (platform === 'win32' || (statSync(path).mode & 0o077) === 0) return []
  return [warning(`${path} can be read by others.`, `chmod 600 ${path}`)]
}
