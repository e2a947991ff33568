import { NO_USAGE } from '../../canonical/index.js'
import { costOf, type ModelRev } from '../../catalog/index.js'
import type { Nano } from '../../kit/index.js'
import { PROMPT_MARGIN } from '../../policy/index.js'
import { type Asked, type AskPorts, askOnce, type Hold, type OnGone, type PoolModel, type Question } from '../../route/index.js'

/** A question's number among the attempts of its call, and who waits and pays for it. */
export interface Terms {
  readonly n: number
  readonly onGone: OnGone
  readonly hold: Hold
}

type PoolQuestion = Pick<Question<unknown>, 'codec' | 'body' | 'inputTokens' | 'leftMs'>

/** Asks one model of the pool about a client's request; the answer is its body. */
export function askPool(model: PoolModel, question: PoolQuestion, { n, onGone }: Terms, ports: AskPorts): Promise<Asked<unknown> | null> {
  const { leftMs } = question
  return askOnce(
    model,
    {
      ...question,
      n,
      purpose: 'classify',
      read: (body) => body,
      timeouts: { connectMs: leftMs, firstByteMs: leftMs, idleMs: leftMs },
      // A provider that only accepts the client's own credential is never asked: that credential is for the client's own requests.
      inbound: { headers: {} },
      begun: (flight) => onGone(flight.cancel),
      judge({ fault: { code, retryAfterMs = null }, sent }) {
        const left = code === 'E_CANCELLED'
        // One that was sent and not answered in time, or not waited for, may be billed.
        const billed = sent && (left || code === 'E_UPSTREAM_TIMEOUT') ? 'maybe' : 'no'
        return { health: left ? { kind: 'neutral' } : { kind: 'failed', retryAfterMs }, billed }
      },
    },
    ports,
  )
}

/** The most that a question can cost; null when the model is unpriced. */
export function upperCost(rev: ModelRev, inputTokens: number, outputTokens: number): Nano | null {
  return costOf({ ...NO_USAGE, input: Math.ceil(inputTokens * rev.tokenizerRatio * PROMPT_MARGIN), output: outputTokens }, rev.rates)
}
