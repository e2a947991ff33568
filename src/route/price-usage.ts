import { type Reply, totalInput, type Usage } from '../canonical/index.js'
import { costOf, type ModelRev } from '../catalog/index.js'
import type { Nano } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'

/** Mean characters per token of generated text, for answers without reported usage. */
const CHARS_PER_TOKEN = 4

interface PricedUsage {
  readonly usage: Usage
  readonly source: 'reported' | 'estimated' | 'none'
  readonly cost: Nano | null
}

/**
 * What an attempt used and cost. If the provider reported nothing, tokens are estimated from what was sent and received. For a `cut` answer
 * the report covers what was used so far, and may lag behind the text.
 */
export function priceUsage(rev: ModelRev, reported: Usage, inputEstimate: number, outputChars: number, cut = false): PricedUsage {
  const said = Math.ceil(outputChars / CHARS_PER_TOKEN)
  if (totalInput(reported) !== null && reported.output !== null && !(cut && reported.output < said))
    return { usage: reported, source: 'reported', cost: costOf(reported, rev.rates) }
  const usage: Usage = {
    ...reported,
    input: totalInput(reported) === null ? Math.round(inputEstimate * rev.tokenizerRatio) : reported.input,
    output: Math.max(reported.output ?? 0, said),
  }
  return { usage, source: 'estimated', cost: costOf(usage, rev.rates) }
}

/**
 * Characters that an answer is priced by where its provider reports no usage, as in a stream; 0 where it does. An answer that is relayed need
 * not be one that can be read here: then `bytes` stands for them.
 */
export function unreportedChars(usage: Usage, reply: () => Reply, bytes: number): number {
  if (totalInput(usage) !== null && usage.output !== null) return 0
  try {
    const parts = reply().choices.flatMap((choice) => choice.parts)
    return parts.reduce((chars, part) => chars + ('text' in part ? part.text : part.type === 'tool-call' ? part.args : '').length, 0)
  } catch {
    return bytes
  }
}

/**
 * What the same tokens would have cost at the baseline's rates, its tokenizer allowed for; at those of its fast mode, where it has one, for an
 * answer of a fast mode. Null when unpriced.
 */
export function baselineCost(usage: Usage, answered: ModelRev, baseline: ModelRev | null): Nano | null {
  if (baseline === null) return null
  if (baseline === answered) return costOf(usage, answered.rates)
  const rates = (answered.fast ? baseline.fastRates : undefined) ?? baseline.rates
  const ratio = baseline.tokenizerRatio / answered.tokenizerRatio
  const scale = (n: number | null): number | null => (n === null ? null : Math.round(n * ratio))
  return costOf(
    {
      input: scale(usage.input),
      cacheRead: scale(usage.cacheRead),
      cacheWrite5m: scale(usage.cacheWrite5m),
      cacheWrite1h: scale(usage.cacheWrite1h),
      output: scale(usage.output),
      reasoning: scale(usage.reasoning),
    },
    rates,
  )
}

/** Nano-USD, without shadow attempts; null as soon as one attempt is unpriced. */
export function sumCosts(attempts: readonly AttemptRow[]): number | null {
  let sum = 0
  for (const { costNano, purpose } of attempts) {
    if (purpose === 'shadow') continue
    if (costNano === null) return null
    sum += costNano
  }
  return sum
}
