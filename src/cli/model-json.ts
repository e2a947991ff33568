import type { ModelRev } from '../catalog/index.js'
import type { ModelHealth } from '../control/index.js'
import { type Pico, sigmoid, usdPerMTok } from '../kit/index.js'
import type { RollupRow } from '../ledger/index.js'

export interface ModelJson {
  readonly id: string
  readonly provider: string
  readonly kind: ModelRev['kind']
  readonly simulated: boolean
  /** USD per million tokens; null is unknown. */
  readonly price: {
    readonly inputPerMTok: number | null
    readonly outputPerMTok: number | null
    readonly cacheReadPerMTok: number | null
    readonly cacheWritePerMTok: number | null
  }
  readonly contextWindow: number | null
  readonly maxOutput: number | null
  readonly capabilities: readonly string[]
  /** Share of requests of the reference difficulty that it is expected to answer well, over all kinds of task; null for embeddings. */
  readonly quality: number | null
  readonly qualityBasis: ModelRev['abilityBasis']
  readonly latency: { readonly ttftMs: number; readonly tokensPerSecond: number; readonly measured: boolean }
  readonly health: 'ok' | 'recovering' | 'down' | 'unknown'
  /** The smaller of the remaining shares of requests and tokens per minute; null when nothing limits them or no daemon reports it. */
  readonly quotaLeft: number | null
}

/** A model's measurements, if there are any. */
export interface Measured {
  readonly sums: RollupRow | undefined
  readonly health: ModelHealth | undefined
}

const HEALTH = { closed: 'ok', 'half-open': 'recovering', open: 'down' } as const

export function modelJson(rev: ModelRev, { sums, health }: Measured): ModelJson {
  const { rates } = rev
  const usd = (rate: Pico | null | undefined): number | null => usdPerMTok(rate ?? null)
  return {
    id: rev.id,
    provider: rev.provider,
    kind: rev.kind,
    simulated: rev.simulated,
    price: {
      inputPerMTok: usd(rates?.input),
      outputPerMTok: usd(rates?.output),
      cacheReadPerMTok: usd(rates?.cacheRead),
      cacheWritePerMTok: usd(rates?.cacheWrite5m),
    },
    contextWindow: rev.contextWindow,
    maxOutput: rev.maxOutput,
    capabilities: rev.accepts.needs,
    quality: rev.kind === 'chat' ? Math.round(overallQuality(rev) * 1000) / 1000 : null,
    qualityBasis: rev.abilityBasis,
    latency: measuredLatency(sums) ?? { ...rev.speed, measured: false },
    health: health === undefined ? 'unknown' : HEALTH[health.breaker],
    quotaLeft: health?.quotaLeft ?? null,
  }
}

function overallQuality({ ability }: ModelRev): number {
  const chances = Object.values(ability).map(({ mean }) => sigmoid(mean))
  return chances.reduce((sum, chance) => sum + chance, 0) / chances.length
}

/** Speed between first and last token over all recorded calls that streamed or at least reported a first token. */
function measuredLatency(sums: RollupRow | undefined): ModelJson['latency'] | null {
  if (sums === undefined || sums.ttftCalls === 0) return null
  const ttftMs = sums.ttftMs / sums.ttftCalls
  const writing = sums.latencyMs - ttftMs * sums.calls
  if (writing <= 0) return null
  return { ttftMs: Math.round(ttftMs * 10) / 10, tokensPerSecond: Math.round(sums.outputTokens / (writing / 1000)), measured: true }
}
