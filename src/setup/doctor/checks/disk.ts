import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault, formatBytes } from '../../../kit/index.js'
import { type Check, findingsOf } from '../finding.js'

const { ok, warning, error } = findingsOf('disk')
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
