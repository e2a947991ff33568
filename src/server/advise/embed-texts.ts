import { estimateTokens } from '../../classify/index.js'
import { digest, recordOf } from '../../kit/index.js'
import type { AttemptRow, Ledger } from '../../ledger/index.js'
import { type AskPorts, embeddings, type PoolModel } from '../../route/index.js'
import { askPool, type Terms, upperCost } from './ask-pool.js'

export interface Embedder {
  readonly model: PoolModel
  /** Where vectors are kept between runs; null while there is no ledger. */
  readonly ledger: () => Ledger | null
}

interface Embedded {
  /** One per text, in order; null when not all are available. */
  readonly vectors: readonly (readonly number[])[] | null
  /** Null when all were cached, or came from a separate call. */
  readonly row: AttemptRow | null
}

/** Asks for the vectors that are not known yet; null when it may not. */
type AskVectors = (texts: readonly string[]) => Promise<{ readonly answer: unknown; readonly row: AttemptRow | null } | null>

/** Characters of a text that are embedded: models take about 8,000 tokens. */
const SEEN = 8000

/** A client's text is embedded as part of its call, if no budget is in the way. */
export function askInCall(model: PoolModel, leftMs: number, terms: Terms, ports: AskPorts): AskVectors {
  return async (texts) => {
    const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
    if (!terms.hold(upperCost(model.rev, inputTokens, 0) ?? 0)) return null
    const body = () => ({ model: model.rev.name, input: texts })
    return askPool(model, { codec: embeddings, body, inputTokens, leftMs }, terms, ports)
  }
}

/** Vectors of texts, from the ledger or from the model. `keep: false` leaves no trace of the texts. Never rejects. */
export async function embedTexts(
  { model, ledger }: Embedder,
  texts: readonly string[],
  { keep, ask }: { readonly keep: boolean; readonly ask: AskVectors },
): Promise<Embedded> {
  const store = ledger()
  const name = `${model.rev.provider}/${model.rev.name}`
  const seen = texts.map((text) => text.slice(0, SEEN))
  const digests = seen.map((text) => digestOf(text, store))
  const known = new Map<string, readonly number[]>(
    [...(store?.vectorsOf(name, digests) ?? [])].map(([digest, vector]) => [digest, Array.from(vector)]),
  )
  const missing = seen.filter((_, i) => !known.has(digests[i]!))
  let row: AttemptRow | null = null
  if (missing.length > 0) {
    const asked = await ask(missing)
    row = asked?.row ?? null
    const vectors = asked === null ? null : readVectors(asked.answer, missing.length)
    if (vectors === null) return { vectors: null, row }
    const fresh = missing.map((text, i) => ({ digest: digestOf(text, store), vector: Float32Array.from(vectors[i]!) }))
    for (const { digest, vector } of fresh) known.set(digest, Array.from(vector))
    if (keep) await store?.keepVectors(name, fresh).catch(() => {})
  }
  return { vectors: digests.map((digest) => known.get(digest)!), row }
}

function digestOf(text: string, store: Ledger | null): string {
  const plain = digest(text)
  return store?.keyed(plain) ?? plain
}

function readVectors(body: unknown, count: number): readonly (readonly number[])[] | null {
  const { data } = recordOf(body)
  if (!Array.isArray(data) || data.length !== count) return null
  const vectors = new Array<readonly number[]>(count)
  for (const [i, item] of data.entries()) {
    const { embedding, index } = item as { embedding?: unknown; index?: unknown }
    if (!Array.isArray(embedding) || embedding.length === 0 || !embedding.every((v) => typeof v === 'number')) return null
    vectors[typeof index === 'number' && index < count ? index : i] = embedding as number[]
  }
  return vectors.includes(undefined as never) ? null : vectors
}
