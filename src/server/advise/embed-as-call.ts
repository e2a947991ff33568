import { text } from 'node:stream/consumers'
import { type Clock, parseJson } from '../../kit/index.js'
import type { Router } from '../../route/index.js'
import { sendInside } from '../send-inside.js'

/** How long one answer is waited for, milliseconds. */
const PATIENCE_MS = 30_000

/** Gets vectors through the router: decided, paid for and recorded as a call of llmroute's own. Its texts are not stored. */
export type EmbedAsCall = (model: string, texts: readonly string[]) => Promise<unknown>

/** The body of the answer; null when that model did not answer. Never rejects. */
export function embedAsCall(router: () => Router, clock: Clock): EmbedAsCall {
  return async (model, input) => {
    const headers = { 'user-agent': 'llmroute/examples', 'x-llmroute-tags': 'examples', 'x-llmroute-store': 'none' }
    const body = Buffer.from(JSON.stringify({ model, input }))
    const inbound = { format: 'openai-chat', action: 'embeddings', headers, body, arrived: clock.monotonic(), key: null } as const
    try {
      const answer = await sendInside(router(), inbound, AbortSignal.timeout(PATIENCE_MS)).answer
      const said = await text(answer.chunks)
      return answer.status === 200 && answer.headers['x-llmroute-model'] === model ? parseJson(said) : null
    } catch {
      return null
    }
  }
}
