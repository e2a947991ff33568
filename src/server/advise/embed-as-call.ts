import { type Clock, parseJson } from '../../kit/index.js'
import type { Inbound, Outlet, Router } from '../../route/index.js'

/** How long one answer is waited for, milliseconds. */
const PATIENCE_MS = 30_000

/** Gets vectors through the router: decided, paid for and recorded as a call of llmroute's own. Its texts are not stored. */
export type EmbedAsCall = (model: string, texts: readonly string[]) => Promise<unknown>

/** The body of the answer; null when that model did not answer. Never rejects. */
export function embedAsCall(router: () => Router, clock: Clock): EmbedAsCall {
  return (model, texts) =>
    new Promise((resolve) => {
      const chunks: Buffer[] = []
      let answeredBy: string | undefined
      let gone: () => void = () => {}
      const timer = setTimeout(() => gone(), PATIENCE_MS)
      const keep = (chunk: Uint8Array | string): void => void chunks.push(Buffer.from(chunk as string))
      const outlet: Outlet = {
        head: (status, headers) => {
          answeredBy = status === 200 ? headers['x-llmroute-model'] : undefined
        },
        write(chunk) {
          keep(chunk)
          return true
        },
        end(chunk) {
          if (chunk !== undefined) keep(chunk)
        },
        onDrain: () => {},
        onGone(listener) {
          gone = listener
        },
      }
      void router()
        .handle(inboundOf(model, texts, clock.monotonic()), outlet)
        .then(() => {
          clearTimeout(timer)
          resolve(answeredBy === model ? parseJson(Buffer.concat(chunks).toString('utf8')) : null)
        })
    })
}

function inboundOf(model: string, input: readonly string[], arrived: number): Inbound {
  const headers = { 'user-agent': 'llmroute/examples', 'x-llmroute-tags': 'examples', 'x-llmroute-store': 'none' }
  return { format: 'openai-chat', action: 'embeddings', headers, body: Buffer.from(JSON.stringify({ model, input })), arrived, key: null }
}
