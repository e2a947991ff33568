import { priceSource } from '../../../config/index.js'
import { type Check, findingsOf } from '../finding.js'

const { ok, warning } = findingsOf('prices')
const OLD_DAYS = 180

/** Prices that are old make costs and savings wrong without a sign. */
export const checkPrices: Check = async ({ configFolder, ports }) => {
  const { kind, asOf, from } = priceSource(configFolder)
  const days = Math.max(0, Math.floor((ports.nowMs() - Date.parse(asOf)) / 86_400_000))
  const what = kind === 'updated' ? `prices are of ${asOf}, from ${from}` : `prices know models up to ${asOf.slice(0, 7)} (${from})`
  return [
    days < OLD_DAYS
      ? ok(`The ${what}`)
      : warning(`The ${what}: ${days} days ago.`, 'Run `llmroute models --update`, or give models[].price for what has changed since.'),
  ]
}
