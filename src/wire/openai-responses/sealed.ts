/**
 * `encrypted_content` holds the signature that a model put on its reasoning, whatever its vendor: a client that replays it
 * brings it back. Anthropic's redacted reasoning, which has no text, is told apart by a prefix.
 */
const REDACTED = 'llmroute-redacted:'

export function seal(signature: string, redacted: boolean | undefined): string {
  return redacted === true ? REDACTED + signature : signature
}

export function unseal(sealed: string): { signature: string; redacted?: true } {
  return sealed.startsWith(REDACTED) ? { signature: sealed.slice(REDACTED.length), redacted: true } : { signature: sealed }
}
