import type { Loss, Part, ReasoningPart } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { isSpelled } from '../extra.js'
import { isRecord, type Json, mayString, readEach } from '../json.js'
import { lose } from '../losses.js'
import { keepsSignature } from '../target.js'

/**
 * Mistral's reasoning models give content as a list, and reasoning as a part of it that is itself a list:
 * `{ type: 'thinking', thinking: [{ type: 'text', text }] }` (https://docs.mistral.ai/capabilities/reasoning/).
 */
export function isThinkingChunk(part: Json): boolean {
  return part.type === 'thinking' && Array.isArray(part.thinking)
}

/** The words of a part of content, reasoning or not. */
export function textOfPart(part: unknown): string {
  if (!isRecord(part)) return ''
  if (isThinkingChunk(part)) return (part.thinking as unknown[]).map(textOfPart).join('')
  return typeof part.text === 'string' ? part.text : ''
}

/**
 * Three spellings are in use: `reasoning_content` (DeepSeek and most servers), `reasoning` (OpenRouter, vLLM) and OpenRouter's
 * `reasoning_details`, the only one with signatures, which repeats the text of the others.
 */
export function readReasoning(raw: Json, path: string): Part[] {
  if (Array.isArray(raw.reasoning_details) && raw.reasoning_details.length > 0) {
    const read = (item: Json): Part => ({ ...reasoningOfDetail(item), extra: { '~details': item } })
    return readEach(raw.reasoning_details, `${path}.reasoning_details`, read)
  }
  const parts: Part[] = []
  const content = mayString(raw.reasoning_content, `${path}.reasoning_content`)
  if (content !== undefined) parts.push({ type: 'reasoning', text: content })
  const plain = typeof raw.reasoning === 'string' ? raw.reasoning : undefined
  if (plain !== undefined) parts.push({ type: 'reasoning', text: plain, extra: { '~reasoning': true } })
  return parts
}

/** One entry of `reasoning_details`: text, a summary, or encrypted data. */
export function reasoningOfDetail(item: Json): ReasoningPart {
  const text = typeof item.text === 'string' ? item.text : typeof item.summary === 'string' ? item.summary : ''
  if (typeof item.data === 'string') return { type: 'reasoning', text, signature: item.data, redacted: true }
  return typeof item.signature === 'string' ? { type: 'reasoning', text, signature: item.signature } : { type: 'reasoning', text }
}

/**
 * Puts earlier reasoning beside an assistant's content, in the spelling it came in. Of other formats, signed reasoning goes
 * only to the model that made it, plain text also to one that takes reasoning back; of chat itself, the splices decide.
 */
export function writeReasoning(parts: readonly Part[], body: Record<string, unknown>, own: boolean, target: Target, losses: Loss[]): void {
  const details: Json[] = []
  let text: string | undefined
  let field = 'reasoning_content'
  for (const part of parts) {
    if (part.type !== 'reasoning' || (own && isSpelled(part.extra, '~chunk'))) continue
    const refused = target.accepts.refuses.includes('reasoning_content')
    if (!own && (refused || !mayKeep(part, target))) {
      lose(losses, 'reasoning', refused ? 'this model takes none back' : 'made by another model')
      continue
    }
    const kept = own ? part.extra?.['~details'] : undefined
    if (kept !== undefined) details.push(kept as Json)
    // An empty signature is what Anthropic's SDKs are given where nobody signed.
    else if (part.signature) details.push(writeDetail(part))
    if (kept !== undefined || part.redacted === true) continue
    if (own && isSpelled(part.extra, '~reasoning')) {
      field = 'reasoning'
      if (text !== undefined) {
        // Both spellings at once: the client repeats one text under two names.
        body.reasoning = part.text
        field = 'reasoning_content'
        continue
      }
    }
    text = text === undefined ? part.text : text + part.text
  }
  if (text !== undefined) body[field] = text
  if (details.length > 0) body.reasoning_details = details
}

function mayKeep(part: ReasoningPart, target: Target): boolean {
  return keepsSignature(target, part.signature) || (!part.signature && target.accepts.needs.includes('reasoning-replay'))
}

/** OpenRouter's entry for signed text or encrypted data. */
export function writeDetail(part: ReasoningPart): Json {
  return part.redacted === true
    ? { type: 'reasoning.encrypted', data: part.signature }
    : { type: 'reasoning.text', text: part.text, signature: part.signature }
}
