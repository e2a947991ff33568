import type { ModelRev } from '../catalog/index.js'
import type { ModelHealth } from '../control/index.js'
import { type Pico, sigmoid, usdPerMTok } from '../kit/index.js'
import type { RollupRow } from '../ledger/index.js'

/** A model's measurements, if there are any. */
interface Measured {
  readonly sums: RollupRow | undefined
  readonly health: ModelHealth | undefined
}

const HEALTH = { closed: 'ok', 'half-open': 'recovering', open: 'down' } as const

export type ModelJson = Readonly<ReturnType<typeof modelJson>>

/** A model as `models --json` shows it. */
export function modelJson(rev: ModelRev, { sums, health }: Measured) {
  const { rates } = rev
  const usd = (rate: Pico | null | undefined): number | null => usdPerMTok(rate ?? null)
  return {
    id: rev.id,
    provider: rev.provider,
    kind: rev.kind,
    simulated: rev.simulated,
    /** USD per million tokens; null is unknown. */
    price: {
      inputPerMTok: usd(rates?.input),
      outputPerMTok: usd(rates?.output),
      cacheReadPerMTok: usd(rates?.cacheRead),
      cacheWritePerMTok: usd(rates?.cacheWrite5m),
    },
    contextWindow: rev.contextWindow,
    maxOutput: rev.maxOutput,
    capabilities: rev.accepts.needs,
    /** Share of requests of the reference difficulty that it is expected to answer well, over all kinds of task; null for embeddings. */
    quality: rev.kind === 'chat' ? Math.round(overallQuality(rev) * 1000) / 1000 : null,
    qualityBasis: rev.abilityBasis,
    latency: measuredLatency(sums) ?? { ...rev.speed, measured: false },
    health: health === undefined ? ('unknown' as const) : HEALTH[health.breaker],
    /** The smaller of the remaining shares of requests and tokens per minute; null when nothing limits them or no daemon reports it. */
    quotaLeft: health?.quotaLeft ?? null,
  }
}

function overallQuality({ ability }: ModelRev): number {
  const chances = Object.values(ability).map(({ mean }) => sigmoid(mean))
  return chances.reduce((sum, chance) => sum + chance, 0) / chances.length
}

/** Speed between first and last token over all recorded calls that streamed or at least reported a first token. */
function measuredLatency(sums: RollupRow | undefined) {
  if (sums === undefined || sums.ttftCalls === 0) return null
  const ttftMs = sums.ttftMs / sums.ttftCalls
  const writing = sums.latencyMs - ttftMs * sums.calls
  if (writing <= 0) return null
  return { ttftMs: Math.round(ttftMs * 10) / 10, tokensPerSecond: Math.round(sums.outputTokens / (writing / 1000)), measured: true }
}
