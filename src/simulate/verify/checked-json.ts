import { usdFromNano } from '../../kit/index.js'
import { money, wholeNano } from '../simulation-json.js'
import type { Checked } from './correct-estimate.js'

/** What checking a simulation gave, in the shape of `simulate --verify --json`: USD. */
export function checkedJson({ strata, correction, before, after, spent, preferred, ...counts }: Checked) {
  return {
    ...counts,
    spentUsd: usdFromNano(spent),
    preferred,
    strata: strata.map(({ predicted, measured, ...stratum }) => ({
      ...stratum,
      predictedUsd: wholeNano(predicted),
      measuredUsd: wholeNano(measured),
    })),
    ...money('correctionUsd', correction, wholeNano),
    before: figuresJson(before),
    after: figuresJson(after),
  }
}

function figuresJson({ cost, savings, qualityChange }: Checked['before']) {
  return {
    ...money('costUsd', cost, wholeNano),
    ...money('savingsUsd', savings, wholeNano),
    qualityChange: qualityChange.value,
    qualityChangeLow: qualityChange.low,
    qualityChangeHigh: qualityChange.high,
  }
}
