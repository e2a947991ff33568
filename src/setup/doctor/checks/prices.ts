import { PRICE_DATA } from '../../../catalog/index.js'
import { type Check, findingsOf } from '../finding.js'

const { ok, warning } = findingsOf('prices')
const OLD_DAYS = 180

/** Prices that are old make costs and savings wrong without a sign. */
export const checkPrices: Check = async ({ ports }) => {
  const days = Math.floor((ports.nowMs() - Date.parse(`${PRICE_DATA.newestModels}-01`)) / 86_400_000)
  const what = `prices know models up to ${PRICE_DATA.newestModels} (${PRICE_DATA.package} ${PRICE_DATA.version})`
  return [
    days < OLD_DAYS
      ? ok(`The ${what}`)
      : warning(`The ${what}: ${days} days ago.`, 'Update llmroute, or give models[].price for what has changed since.'),
  ]
}
