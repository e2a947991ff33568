import { readEnvelope, requestTokens } from '../classify/index.js'
import type { Inbound, Outlet } from './exchange.js'
import type { KeptItems } from './kept-items.js'
import { readCall } from './read-call.js'
import { resolveTarget } from './resolve-target.js'
import type { Setup } from './setup.js'

/**
 * Counts the tokens of a prompt here, by estimate, in the tokenizer of the model it names (the reference tokenizer when it names none).
 * Nothing is sent and nothing recorded. Throws a Fault for a request that cannot be understood.
 */
export function countTokens(
  inbound: Inbound,
  outlet: Outlet,
  setup: Setup,
  items: KeptItems,
  headers: Readonly<Record<string, string>>,
): void {
  const { codec, request } = readCall(inbound, items)
  const { pinned } = resolveTarget(setup, request.model, null)
  const tokens = Math.round(requestTokens(request, readEnvelope(request).tokens) * (pinned?.rev.tokenizerRatio ?? 1))
  const body = codec.writeTokenCount?.(tokens) ?? { input_tokens: tokens }
  outlet.head(200, { 'content-type': 'application/json', ...headers })
  outlet.end(JSON.stringify(body))
}
