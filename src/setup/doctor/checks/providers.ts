import { chatModels, type ModelRev } from '../../../catalog/index.js'
import { asFault, Fault, formatMs, groupedBy } from '../../../kit/index.js'
import { type Check, error, type Found, ok, warning } from '../finding.js'

/** Providers refuse signed requests somewhere beyond five minutes; times in the ledger are wrong before that. */
const SKEW_MS = 60_000

/** Whether each provider answers, and how its clock compares with ours. */
export const checkNetwork: Check = async ({ pool, ports }) => {
  if (pool instanceof Fault) return []
  const providers = Object.values(pool.providers).filter(({ simulated }) => !simulated)
  const skews: number[] = []
  const findings = await Promise.all(
    providers.map(async ({ id, baseURL }): Promise<Found> => {
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

function clockFindings(skews: readonly number[]): readonly Found[] {
  // The middle one: a single provider's clock may be wrong too.
  const skew = skews.toSorted((a, b) => a - b)[Math.floor(skews.length / 2)]
  if (skew === undefined) return []
  const found =
    Math.abs(skew) < SKEW_MS
      ? ok('The clock agrees with the providers’.')
      : warning(
          `The clock is ${formatMs(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} the providers’.`,
          'Turn on automatic time: budgets and reports go by this clock.',
        )
  return [{ ...found, check: 'clock' }]
}

/** A call of a few tokens to the cheapest model of each provider, one after the other. */
export const checkLive: Check = async ({ pool, ports: { tryModel } }) => {
  if (tryModel === null || pool instanceof Fault) return []
  const findings: Found[] = []
  for (const models of groupedBy(chatModels(pool.models), ({ provider }) => provider).values()) {
    const model = models.reduce((cheapest, other) => (price(other) < price(cheapest) ? other : cheapest))
    const tried = await tryModel(model.id)
    findings.push(
      tried.ok
        ? ok(`${model.id} answered in ${formatMs(tried.latencyMs)}${model.simulated ? ' (simulated)' : ''}`)
        : error(`${model.id}: ${tried.error}`, `Check the key and the account of ${model.provider}, and that it still serves this model.`),
    )
  }
  return findings
}

function price({ rates }: ModelRev): number {
  return rates?.output ?? Number.POSITIVE_INFINITY
}
