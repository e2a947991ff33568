import { isRecord } from '../json.js'

/** The answer of `/v1/messages/count_tokens`, whose request has the body of `/v1/messages`. */
export function writeTokenCount(inputTokens: number): Readonly<Record<string, unknown>> {
  return { input_tokens: inputTokens }
}

/** Null when the body is not a count. */
export function readTokenCount(body: unknown): number | null {
  return isRecord(body) && typeof body.input_tokens === 'number' ? body.input_tokens : null
}
