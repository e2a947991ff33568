import type { Request } from '../../canonical/index.js'
import { estimateTokens } from '../../classify/index.js'
import { digest } from '../../kit/index.js'
import type { AttemptRow, Ledger } from '../../ledger/index.js'
import type { Hold, OnGone, PoolModel } from '../../route/index.js'
import { type AskPorts, askPool, type Question } from './ask-pool.js'
import { upperCost } from './upper-cost.js'

export interface Embedder {
  readonly model: PoolModel
  readonly timeoutMs: number
  /** Where vectors are kept between runs; null while there is no ledger. */
  readonly ledger: () => Ledger | null
}

export interface Embedded {
  /** One a text, in order; null when not all could be had. */
  readonly vectors: readonly (readonly number[])[] | null
  /** Null when all were known. */
  readonly row: AttemptRow | null
}

/** Characters of a text that are embedded: models take about 8,000 tokens. */
const SEEN = 8000

/** Vectors of texts from the ledger or the embedding model. `keep: false` leaves no trace of the texts. Never rejects. */
export async function embedTexts(
  { model, timeoutMs, ledger }: Embedder,
  texts: readonly string[],
  { keep, n, onGone, hold }: { readonly keep: boolean; readonly n: number; readonly onGone: OnGone; readonly hold: Hold },
  ports: AskPorts,
): Promise<Embedded> {
  const store = ledger()
  const name = `${model.rev.provider}/${model.rev.name}`
  const seen = texts.map((text) => text.slice(0, SEEN))
  const digests = seen.map((text) => digestOf(text, store))
  const known = new Map<string, readonly number[]>(
    [...(store?.vectorsOf(name, digests) ?? [])].map(([digest, vector]) => [digest, Array.from(vector)]),
  )
  const missing = seen.filter((_, i) => !known.has(digests[i] as string))
  let row: AttemptRow | null = null
  if (missing.length > 0) {
    const question = questionOf(model, missing, timeoutMs, n)
    if (!hold(upperCost(model.rev, question.inputTokens, 0) ?? 0)) return { vectors: null, row }
    const asked = await askPool({ ...question, onGone }, ports)
    row = asked?.row ?? null
    const vectors = asked === null ? null : readVectors(asked.body, missing.length)
    if (vectors === null) return { vectors: null, row }
    const fresh = missing.map((text, i) => ({ digest: digestOf(text, store), vector: Float32Array.from(vectors[i] as readonly number[]) }))
    for (const { digest, vector } of fresh) known.set(digest, Array.from(vector))
    if (keep) await store?.keepVectors(name, fresh).catch(() => {})
  }
  return { vectors: digests.map((digest) => known.get(digest) as readonly number[]), row }
}

function digestOf(text: string, store: Ledger | null): string {
  const plain = digest(text)
  return store?.keyed(plain) ?? plain
}

function questionOf(model: PoolModel, texts: readonly string[], timeoutMs: number, n: number): Omit<Question, 'onGone'> {
  const request: Request = { format: 'openai-chat', model: model.rev.name, messages: [], tools: [], sampling: {}, stream: false }
  const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
  return {
    ...{ model, request, inputTokens, timeoutMs, n },
    path: () => '/embeddings',
    body: () => ({ model: model.rev.name, input: texts }),
  }
}

function readVectors(body: unknown, count: number): readonly (readonly number[])[] | null {
  const data = (body as { data?: unknown } | null)?.data
  if (!Array.isArray(data) || data.length !== count) return null
  const vectors = new Array<readonly number[]>(count)
  for (const [i, item] of data.entries()) {
    const { embedding, index } = item as { embedding?: unknown; index?: unknown }
    if (!Array.isArray(embedding) || embedding.length === 0 || !embedding.every((v) => typeof v === 'number')) return null
    vectors[typeof index === 'number' && index < count ? index : i] = embedding as number[]
  }
  return vectors.includes(undefined as never) ? null : vectors
}
