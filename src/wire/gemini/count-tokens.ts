/** The answer of `countTokens`. */
export function writeTokenCount(totalTokens: number): Readonly<Record<string, unknown>> {
  return { totalTokens }
}
