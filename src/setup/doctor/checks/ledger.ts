import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { asFault, Fault, formatBytes, formatNumberOf } from '../../../kit/index.js'
import { type Ledger, withOpenLedger } from '../../../ledger/index.js'
import { type Check, error, type Found, note, ok, warning } from '../finding.js'

const HARDLY_ANY = 100e6
const LITTLE = 1e9

/** Whether the ledger may be written, and room for it to grow to the size it may have. */
export const checkDisk: Check = async ({ ledger, loaded, ports }) => {
  if (ledger === null || loaded instanceof Fault) return []
  let folder = dirname(ledger)
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder)
  const refused = [ledger, folder].find((path) => existsSync(path) && !isWritable(path))
  if (refused !== undefined)
    return [
      error(`${refused} cannot be written: calls will go unrecorded.`, 'Change its owner or rights, or name another ledger with --db.'),
    ]
  const free = await ports.freeBytes(folder)
  if (free === null) return []
  const text = `${formatBytes(free)} free for the ledger at ${folder}`
  const fix = 'Free some space, lower ledger.maxSize, or move ledger.path.'
  if (free < HARDLY_ANY) return [error(`Only ${text}: calls will go unrecorded.`, fix)]
  if (free < LITTLE) return [warning(`Only ${text}; it may grow to ${formatBytes(loaded.config.ledger.maxSize)}.`, fix)]
  return [ok(text)]
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

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

function soundness(ledger: Ledger): Found {
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

function leftRunning(ledger: Ledger, daemonRuns: boolean): readonly Found[] {
  const { running } = ledger.counts()
  if (running === 0 || daemonRuns) return []
  return [note(`${running} calls are marked as running although no daemon is.`, 'The next start marks them as interrupted.')]
}

function readableByOthers(path: string, platform: NodeJS.Platform): readonly Found[] {
  if (platform === 'win32' || (statSync(path).mode & 0o077) === 0) return []
  return [warning(`${path} can be read by others.`, `chmod 600 ${path}`)]
}
