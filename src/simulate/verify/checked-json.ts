import { usdFromNano } from '../../kit/index.js'
import type { Estimate } from '../types.js'
import type { Checked, CheckedFigures } from './types.js'

/** What checking a simulation gave, in the shape of `simulate --verify --json`: USD. */
export function checkedJson({ strata, correction, before, after, spent, preferred, ...counts }: Checked) {
  return {
    ...counts,
    spentUsd: usdFromNano(spent),
    preferred,
    strata: strata.map(({ predicted, measured, ...stratum }) => ({ ...stratum, predictedUsd: usd(predicted), measuredUsd: usd(measured) })),
    correctionUsd: usd(correction.value),
    correctionUsdLow: usd(correction.low),
    correctionUsdHigh: usd(correction.high),
    before: figuresJson(before),
    after: figuresJson(after),
  }
}

function figuresJson({ cost, savings, qualityChange }: CheckedFigures) {
  return {
    ...money('costUsd', cost),
    ...money('savingsUsd', savings),
    qualityChange: qualityChange.value,
    qualityChangeLow: qualityChange.low,
    qualityChangeHigh: qualityChange.high,
  }
}

function money(name: string, { value, low, high }: Estimate) {
  return { [name]: usd(value), [`${name}Low`]: usd(low), [`${name}High`]: usd(high) }
}

function usd(nano: number): number {
  return usdFromNano(Math.round(nano))
}
