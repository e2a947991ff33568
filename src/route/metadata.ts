import type { WireFormat } from '../canonical/index.js'

/** What `x-llmroute-include: metadata` adds to an answer. */
export interface Metadata {
  readonly call: string
  readonly model: string
  readonly profile: string
  readonly reason: string
  readonly attempts: number
  readonly latencyMs: number
  readonly costUsd: number | null
  readonly savingsUsd: number | null
}

export function withMetadata(body: Readonly<Record<string, unknown>>, metadata: Metadata): Readonly<Record<string, unknown>> {
  return { ...body, llmroute: metadata }
}

/** A comment line of the stream, which every SSE reader but Gemini CLI skips. */
function metadataComment(metadata: Metadata): string {
  return `: llmroute ${JSON.stringify(metadata)}\n\n`
}

/** A field of the last chunk for Gemini's clients, one of which fails on comments; a separate chunk if there is none. */
function withMetadataChunk(text: string, metadata: Metadata): string {
  const at = text.lastIndexOf('data: {')
  const end = at < 0 ? -1 : text.indexOf('\n', at)
  if (end < 0) return `${text}data: ${JSON.stringify({ llmroute: metadata })}\n\n`
  const chunk = JSON.parse(text.slice(at + 6, end)) as Readonly<Record<string, unknown>>
  return `${text.slice(0, at)}data: ${JSON.stringify(withMetadata(chunk, metadata))}${text.slice(end)}`
}

/** The end of a stream, with the call's metadata if the client asked for it. */
export function endOfStream(text: string, metadata: Metadata | null, format: WireFormat): string {
  if (metadata === null) return text
  return format === 'gemini' ? withMetadataChunk(text, metadata) : metadataComment(metadata) + text
}
