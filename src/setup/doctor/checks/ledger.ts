import { existsSync, statSync } from 'node:fs'
import { asFault, formatNumberOf } from '../../../kit/index.js'
import { type Ledger, withOpenLedger } from '../../../ledger/index.js'
import { type Check, type Finding, findingsOf } from '../finding.js'

const { ok, note, warning, error } = findingsOf('ledger')

/** Reads the whole ledger: SQLite's own check, rows that point nowhere, sums that disagree. */
export const checkLedger: Check = async ({ ledger: path, daemon, machine }) => {
  if (path === null) return []
  if (!existsSync(path)) return [note(`${path} does not exist yet; the first call makes it.`)]
  try {
    return await withOpenLedger(path, { readonly: true }, (ledger) => [
      soundness(ledger),
      ...leftRunning(ledger, daemon !== null),
      ...readableByOthers(path, machine.platform),
    ])
  } catch (cause) {
    const { message, hint } = asFault(cause)
    return [error(`${message}.`, hint ?? 'Name another file with --db.')]
  }
}

function soundness(ledger: Ledger): Finding {
  const { damage, orphans, undecided, wrongCallCosts, wrongHours } = ledger.verify()
  const faults = [
    ...damage,
    ...orphans,
    ...(undecided > 0 ? [`${undecided} calls without a decision`] : []),
    ...(wrongCallCosts.length > 0 ? [`${wrongCallCosts.length} calls whose cost is not the sum of their attempts`] : []),
    ...(wrongHours.length > 0 ? [`${wrongHours.length} hours whose sums disagree with their calls`] : []),
  ]
  if (faults.length === 0) return ok(`${ledger.path}: ${formatNumberOf(ledger.counts().calls, 'call')}, sound`)
  return error(`${ledger.path} is damaged: ${faults.slice(0, 3).join('; ')}.`, 'Put a backup in its place, or name a new file with --db.')
}

function leftRunning(ledger: Ledger, daemonRuns: boolean): readonly Finding[] {
  const { running } = ledger.counts()
  if (running === 0 || daemonRuns) return []
  return [note(`${running} calls are marked as running although no daemon is.`, 'The next start marks them as interrupted.')]
}

function readableByOthers(path: string, platform: NodeJS.Platform): readonly Finding[] {
  if (platform === 'win32' || (statSync(path).mode & 0o077) === 0) return []
  return [warning(`${path} can be read by others.`, `chmod 600 ${path}`)]
}
