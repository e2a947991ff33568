/** The answer of `/v1/messages/count_tokens`, whose request has the body of `/v1/messages`. */
export function writeTokenCount(inputTokens: number): Readonly<Record<string, unknown>> {
  return { input_tokens: inputTokens }
}
