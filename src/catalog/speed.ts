import { usdPerMTok } from '../kit/index.js'
import { SPEED_REGRESSION } from './data/model-facts.data.js'
import type { ModelFacts } from './facts.js'
import type { ModelRev, Rates } from './types.js'

/** Speed before anything is measured: published figures, else what models of that price do (expensive ones are slower). */
export function speedOf(facts: ModelFacts | null, rates: Rates | null): ModelRev['speed'] {
  if (facts?.speed) return { ttftMs: facts.speed[0], tokensPerSecond: facts.speed[1] }
  const price = Math.min(60, Math.max(0.05, usdPerMTok(rates?.output ?? null) ?? 1))
  const { slope, intercept, ttftMs } = SPEED_REGRESSION
  return { ttftMs, tokensPerSecond: Math.round(10 ** (intercept + slope * Math.log10(price))) }
}
