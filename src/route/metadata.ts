import type { Nano } from '../kit/index.js'
import { usdFromNano } from '../kit/index.js'

/** What `x-llmroute-include: metadata` adds to an answer. */
export interface Metadata {
  readonly call: string
  readonly model: string
  readonly profile: string
  readonly reason: string
  readonly attempts: number
  readonly costUsd: number | null
  readonly savingsUsd: number | null
  readonly latencyMs: number
}

export interface MetadataFacts extends Omit<Metadata, 'costUsd' | 'savingsUsd'> {
  readonly cost: Nano | null
  readonly savings: Nano | null
}

export function writeMetadata({ cost, savings, ...facts }: MetadataFacts): Metadata {
  return { ...facts, costUsd: usdFromNano(cost), savingsUsd: usdFromNano(savings) }
}

export function withMetadata(body: Readonly<Record<string, unknown>>, metadata: Metadata): Readonly<Record<string, unknown>> {
  return { ...body, llmroute: metadata }
}

/** A comment line of the stream, which every SSE reader but Gemini CLI skips. */
export function metadataComment(metadata: Metadata): string {
  return `: llmroute ${JSON.stringify(metadata)}\n\n`
}
