import { type Check, findingsOf } from '../finding.js'

const { ok, error } = findingsOf('node')
/** As package.json says. */
const LEAST = [20, 19] as const

export const checkNode: Check = async ({ nodeVersion }) => {
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, '').split('.').map(Number)
  const recent = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])
  return [
    recent
      ? ok(`Node ${nodeVersion}`)
      : error(
          `Node ${nodeVersion} is too old: ${LEAST.join('.')} is needed.`,
          'Install a current Node, then run `npm rebuild better-sqlite3`.',
        ),
  ]
}
