/** Measured speed of one model. Integers, microseconds, so that a stored decision replays bit for bit. */
export interface Speed {
  readonly ttftUs: number
  readonly usPerToken: number
  /** Observations, decayed: the weight against the prior. */
  readonly weight: number
}

/** Running averages by model, each new call counting a tenth. */
export interface LatencyBoard {
  read(model: string): Speed | null
  /** `ttftMs` to the first byte; `outputMs` from there to the end, over `outputTokens` when they are known. */
  observe(model: string, ttftMs: number, outputMs: number, outputTokens: number | null): void
}

const SHARE = 0.1
const MOST_WEIGHT = 50

interface Running {
  ttftUs: number
  usPerToken: number | null
  weight: number
}

export function createLatencyBoard(): LatencyBoard {
  const models = new Map<string, Running>()
  return {
    read(model) {
      const r = models.get(model)
      return r === undefined ? null : { ttftUs: Math.round(r.ttftUs), usPerToken: Math.round(r.usPerToken ?? 0), weight: r.weight }
    },
    observe(model, ttftMs, outputMs, outputTokens) {
      const perToken = outputTokens !== null && outputTokens > 1 && outputMs > 0 ? (outputMs * 1000) / outputTokens : null
      const r = models.get(model)
      if (r === undefined) {
        models.set(model, { ttftUs: ttftMs * 1000, usPerToken: perToken, weight: 1 })
        return
      }
      // The first observations count by their number, so that one odd start does not linger.
      const share = Math.max(SHARE, 1 / (r.weight + 1))
      r.ttftUs += share * (ttftMs * 1000 - r.ttftUs)
      if (perToken !== null) r.usPerToken = r.usPerToken === null ? perToken : r.usPerToken + share * (perToken - r.usPerToken)
      r.weight = Math.min(MOST_WEIGHT, r.weight + 1)
    },
  }
}
