import type { Part, Reply, Request } from '../canonical/index.js'
import { forgetOldest } from '../kit/index.js'

/** Signatures remembered; the oldest go first. */
const MOST_KNOWN = 50_000

export type Signers = ReturnType<typeof createSigners>

const NOBODY = ''

/**
 * Which model signed which reasoning, so that each is shown only its own: a conversation that changed models holds signatures of
 * several. Known from the answers that passed, and forgotten when the process ends.
 */
export function createSigners() {
  const makers = new Map<string, string>()
  const know = (signature: string, maker: string): void => {
    const key = keyOf(signature)
    makers.delete(key)
    makers.set(key, maker)
    forgetOldest(makers, MOST_KNOWN)
  }
  return {
    remember(reply: Reply, model: string): void {
      for (const { parts } of reply.choices) for (const signature of signaturesOf(parts)) know(signature, model)
    },
    /**
     * This model refused the conversation's reasoning: what it made itself, or nobody known did, is from now on nobody's. Claude refuses its own
     * once what stood before it has changed, and would on every turn (platform.claude.com/docs/en/build-with-claude/preserved-thinking).
     */
    disown(request: Request, model: string): void {
      for (const { parts } of request.messages)
        for (const signature of signaturesOf(parts)) if ((makers.get(keyOf(signature)) ?? model) === model) know(signature, NOBODY)
    },
    /** The request's signatures whose maker is known: whether it was this model. */
    made(request: Request, model: string): ReadonlyMap<string, boolean> {
      const made = new Map<string, boolean>()
      for (const { parts } of request.messages) {
        for (const signature of signaturesOf(parts)) {
          const maker = makers.get(keyOf(signature))
          if (maker !== undefined) made.set(signature, maker === model)
        }
      }
      return made
    },
  }
}

/** Signatures are long and end in what no two of them share. */
function keyOf(signature: string): string {
  return `${signature.length}:${signature.slice(-64)}`
}

function* signaturesOf(parts: readonly Part[]): Generator<string> {
  for (const part of parts) {
    if ((part.type === 'reasoning' || part.type === 'tool-call') && part.signature) yield part.signature
    // Gemini also signs words, which the neutral form leaves to its own format.
    const { thoughtSignature } = part.extra ?? {}
    if (typeof thoughtSignature === 'string') yield thoughtSignature
  }
}
