import { asFault, Fault, formatMs } from '../../../kit/index.js'
import { type Check, type Finding, findingsOf } from '../finding.js'

const { ok, error } = findingsOf('network')
const clock = findingsOf('clock')
/** Providers refuse signed requests somewhere beyond five minutes; times in the ledger are wrong before that. */
const SKEW_MS = 60_000

/** Whether each provider answers, and how its clock compares with ours. */
export const checkNetwork: Check = async ({ pool, ports }) => {
  if (pool instanceof Fault) return []
  const providers = Object.values(pool.providers).filter(({ simulated }) => !simulated)
  const skews: number[] = []
  const findings = await Promise.all(
    providers.map(async ({ id, baseURL }): Promise<Finding> => {
      try {
        const { dateMs } = await ports.reach(baseURL)
        if (dateMs !== null) skews.push(ports.nowMs() - dateMs)
        return ok(`${id}: ${new URL(baseURL).host} answers`)
      } catch (cause) {
        const { message, hint } = asFault(cause)
        return error(`${id}: ${message}.`, hint ?? 'Check the network, and HTTPS_PROXY where there is one.')
      }
    }),
  )
  return [...findings, ...clockFindings(skews)]
}

function clockFindings(skews: readonly number[]): readonly Finding[] {
  // The middle one: a single provider's clock may be wrong too.
  const skew = skews.toSorted((a, b) => a - b)[Math.floor(skews.length / 2)]
  if (skew === undefined) return []
  if (Math.abs(skew) < SKEW_MS) return [clock.ok('The clock agrees with the providers’.')]
  return [
    clock.warning(
      `The clock is ${formatMs(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} the providers’.`,
      'Turn on automatic time: budgets and reports go by this clock.',
    ),
  ]
}
