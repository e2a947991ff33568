import type { JsonPath, Target } from '../codec.js'
import { isRecord, type Json, listOf, recordEntries } from '../json.js'
import { keepsSignature } from '../target.js'
import { isThinkingChunk } from './reasoning.js'
import { signatureOf } from './tool-calls.js'

/** Reasoning of another model: what it signed, and where the target takes none back, its words; some take not even their own. */
export function findSigned(message: Json, at: JsonPath, target: Target, signed: JsonPath[]): void {
  const refused = target.accepts.refuses.includes('reasoning_content')
  const foreign = !target.keepsReasoning && (refused || !target.accepts.needs.includes('reasoning-replay'))
  // In this spelling some of those models give theirs, and take it back (gpt-oss at Groq), OpenAI's own never.
  if (message.reasoning != null && (foreign || (refused && target.accepts.developerRole))) signed.push([...at, 'reasoning'])
  if (refused ? message.reasoning_content !== undefined : foreign && message.reasoning_content != null) {
    signed.push([...at, 'reasoning_content'])
  }
  if (!target.keepsReasoning && Array.isArray(message.content)) signed.push(...findChunks(message.content, [...at, 'content']))
  signed.push(...findDetails(message.reasoning_details, [...at, 'reasoning_details'], target, foreign || refused))
  for (const [i, call] of recordEntries(message.tool_calls)) {
    if (isRecord(call.extra_content) && !keepsSignature(target, signatureOf(call))) signed.push([...at, 'tool_calls', i, 'extra_content'])
  }
}

/** Entries that another model signed, and those without a signature where the target takes no words. */
function findDetails(details: unknown, at: JsonPath, target: Target, wordless: boolean): JsonPath[] {
  const signatures = listOf(details).map((detail) => (isRecord(detail) ? (detail.data ?? detail.signature) : null))
  const keeps = signatures.map((signature) => signature != null && keepsSignature(target, signature))
  const gone = (signature: unknown, i: number): boolean => (signature == null ? wordless && !keeps.includes(true) : !keeps[i])
  const paths = signatures.flatMap((signature, i) => (gone(signature, i) ? [[...at, i]] : []))
  return paths.length > 0 && paths.length === signatures.length ? [at] : paths
}

/** Reasoning within the content, or all of the content where it holds nothing else. */
function findChunks(content: readonly unknown[], at: JsonPath): readonly JsonPath[] {
  const chunks = content.flatMap((part, i) => (isRecord(part) && isThinkingChunk(part) ? [[...at, i]] : []))
  return chunks.length > 0 && chunks.length === content.length ? [at] : chunks
}

/** Messages of the assistant that will be sent without their reasoning, in whatever spelling. */
export function findUnreasoned(messages: readonly unknown[], dropped: readonly JsonPath[]): number[] {
  const has = (message: Json, i: number, key: string): boolean =>
    message[key] != null && !dropped.some((path) => path.length === 3 && path[1] === i && path[2] === key)
  return messages.flatMap((message, i) =>
    isRecord(message) &&
    message.role === 'assistant' &&
    !['reasoning_content', 'reasoning', 'reasoning_details'].some((key) => has(message, i, key))
      ? [i]
      : [],
  )
}
