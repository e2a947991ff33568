import type { StopReason } from '../../canonical/index.js'
import { isRecord, type Json } from '../json.js'

/** https://ai.google.dev/api/generate-content#FinishReason */
const READ: Readonly<Record<string, StopReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'error',
  UNEXPECTED_TOOL_CALL: 'error',
  TOO_MANY_TOOL_CALLS: 'error',
  MISSING_THOUGHT_SIGNATURE: 'error',
  MALFORMED_RESPONSE: 'error',
}

/** The format ends a turn with calls like any other; neutrally it has a separate reason. */
export function readFinishReason(raw: string, hasCalls: boolean): StopReason {
  const reason = READ[raw] ?? 'other'
  return reason === 'stop' && hasCalls ? 'tool-calls' : reason
}

/** Why the prompt was not answered at all. */
export function blockReason(body: Json): string | undefined {
  const feedback = body.promptFeedback
  return isRecord(feedback) && typeof feedback.blockReason === 'string' ? feedback.blockReason : undefined
}

const WRITE: Readonly<Record<StopReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  'tool-calls': 'STOP',
  pause: 'STOP',
  length: 'MAX_TOKENS',
  refusal: 'SAFETY',
  'content-filter': 'SAFETY',
  error: 'OTHER',
  other: 'OTHER',
}

/** The provider's own word when it is one of this format's, else the nearest. */
export function writeFinishReason(reason: StopReason, raw: string | undefined): string {
  return raw !== undefined && (READ[raw] === reason || (raw === 'STOP' && reason === 'tool-calls')) ? raw : WRITE[reason]
}
