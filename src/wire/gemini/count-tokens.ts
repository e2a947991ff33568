import { isRecord } from '../json.js'

/** The answer of `countTokens`. */
export function writeTokenCount(totalTokens: number): Readonly<Record<string, unknown>> {
  return { totalTokens }
}

/** Null when the body is not a count. */
export function readTokenCount(body: unknown): number | null {
  return isRecord(body) && typeof body.totalTokens === 'number' ? body.totalTokens : null
}
