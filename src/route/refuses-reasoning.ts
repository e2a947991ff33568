import type { Request } from '../canonical/index.js'
import type { Fault } from '../kit/index.js'

/** How vendors say that they cannot verify, miss or do not know reasoning in the history (Anthropic, OpenAI, Google, Groq, Mistral; 2026). */
const SAYS =
  /signature|thinking` or `redacted_thinking|encrypted[ _]content|type 'reasoning'|value: 'thinking'|reasoning_(content|details)|extra_content/i

/** True when a request was refused for reasoning that it repeats, so that it may do without. */
export function refusesReasoning(fault: Fault, status: number | null, request: Request): boolean {
  return (status === 400 || status === 422) && SAYS.test(fault.message) && request.messages.some((m) => m.parts.some(isReasoning))
}

function isReasoning(part: Request['messages'][number]['parts'][number]): boolean {
  return part.type === 'reasoning' || (part.type === 'tool-call' && part.signature !== undefined)
}
