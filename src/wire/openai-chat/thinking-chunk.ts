import { isRecord, type Json } from '../json.js'

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
