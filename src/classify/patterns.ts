import { readPattern, remembered } from '../kit/index.js'

/** A pattern sees at most this much of the message: JavaScript expressions cannot be stopped, so their input is bounded. */
const SEEN = 16_384
const compile = remembered(readPattern)

/** Result of each pattern, written plain or as `/source/flags`, on the user's text; a malformed pattern never matches. */
export function matchPatterns(patterns: readonly string[], text: string): Readonly<Record<string, boolean>> {
  const results: Record<string, boolean> = {}
  const seen = text.slice(0, SEEN)
  for (const pattern of patterns) results[pattern] = compile(pattern)?.test(seen) ?? false
  return results
}
