import { priceSource } from '../../../config/index.js'
import { DAY_MS } from '../../../kit/index.js'
import { type Check, error, ok, warning } from '../finding.js'

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

const OLD_DAYS = 180

/** Prices that are old make costs and savings wrong without a sign. */
export const checkPrices: Check = async ({ configFolder, ports }) => {
  const { kind, asOf, from } = priceSource(configFolder)
  const days = Math.max(0, Math.floor((ports.nowMs() - Date.parse(asOf)) / DAY_MS))
  const what = kind === 'updated' ? `prices are of ${asOf}, from ${from}` : `prices know models up to ${asOf.slice(0, 7)} (${from})`
  return [
    days < OLD_DAYS
      ? ok(`The ${what}`)
      : warning(`The ${what}: ${days} days ago.`, 'Run `llmroute models --update`, or give models[].price for what has changed since.'),
  ]
}
