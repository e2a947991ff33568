import type { ModelRev } from '../../../catalog/index.js'
import { Fault, formatMs } from '../../../kit/index.js'
import { type Check, type Finding, findingsOf } from '../finding.js'

const { ok, error } = findingsOf('live')

/** A call of a few tokens to the cheapest model of each provider, one after the other. */
export const checkLive: Check = async ({ pool, ports: { tryModel } }) => {
  if (tryModel === null || pool instanceof Fault) return []
  const findings: Finding[] = []
  for (const model of cheapestEach(pool.models)) {
    const tried = await tryModel(model.id)
    findings.push(
      tried.ok
        ? ok(`${model.id} answered in ${formatMs(tried.latencyMs)}${model.simulated ? ' (simulated)' : ''}`)
        : error(`${model.id}: ${tried.error}`, `Check the key and the account of ${model.provider}, and that it still serves this model.`),
    )
  }
  return findings
}

function cheapestEach(models: readonly ModelRev[]): readonly ModelRev[] {
  const cheapest = new Map<string, ModelRev>()
  for (const model of models) {
    if (model.kind !== 'chat') continue
    const best = cheapest.get(model.provider)
    if (best === undefined || price(model) < price(best)) cheapest.set(model.provider, model)
  }
  return [...cheapest.values()]
}

function price({ rates }: ModelRev): number {
  return rates?.output ?? Number.POSITIVE_INFINITY
}
