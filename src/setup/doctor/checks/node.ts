import { type Check, findingsOf } from '../finding.js'

const { ok, warning, error } = findingsOf('node')
/** As package.json says. */
const LEAST = [20, 19] as const
/** From this version on Node ends the process when it collects a statement of better-sqlite3 12; version 13 is fixed, and needs Node 22. */
const UNSAFE_FROM = [24, 19] as const

export const checkNode: Check = async ({ nodeVersion }) => {
  const version = nodeVersion.replace(/^v/, '').split('.').map(Number)
  if (!isFrom(version, LEAST)) {
    return [
      error(
        `Node ${nodeVersion} is too old: ${LEAST.join('.')} is needed.`,
        'Install a current Node, then run `npm rebuild better-sqlite3`.',
      ),
    ]
  }
  if (isFrom(version, UNSAFE_FROM)) {
    return [
      warning(
        `Node ${nodeVersion} may end llmroute at any time: with Node ${UNSAFE_FROM.join('.')} and later, better-sqlite3 12 aborts the process.`,
        'Run llmroute with Node 22, then `npm rebuild better-sqlite3`.',
      ),
    ]
  }
  return [ok(`Node ${nodeVersion}`)]
}

function isFrom([major = 0, minor = 0]: readonly number[], [leastMajor, leastMinor]: readonly [number, number]): boolean {
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}
