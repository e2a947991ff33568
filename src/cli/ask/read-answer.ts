import { text as readText } from 'node:stream/consumers'
import { decodeSse, Fault, parseJson, sseSplitter } from '../../kit/index.js'
import type { Incoming } from '../../server/index.js'

/** The result of a call, once its answer is complete. */
export interface Answer {
  readonly text: string
  readonly call: string | null
  readonly model: string | null
  readonly profile: string | null
  readonly reason: string | null
  readonly simulated: boolean
  readonly attempts: number | null
  readonly costUsd: number | null
  readonly savingsUsd: number | null
  readonly latencyMs: number | null
}

/** The metadata comment that `x-llmroute-include` adds to a stream. */
type Metadata = Partial<Pick<Answer, 'model' | 'profile' | 'reason' | 'attempts' | 'costUsd' | 'savingsUsd' | 'latencyMs'>>

/** Passes the text on as it arrives and returns all of it. Throws if the answer is, or ends in, an error. */
export async function readAnswer({ status, headers, chunks }: Incoming, onText: (text: string) => Promise<void>): Promise<Answer> {
  if (status !== 200) throw await refusal(status, headers, chunks)
  const splitter = sseSplitter()
  let text = ''
  let metadata: Metadata = {}
  const read = async (raw: Buffer): Promise<void> => {
    const comment = /^: llmroute (\{.*\})\s*$/m.exec(raw.toString('utf8'))
    if (comment?.[1] !== undefined) metadata = JSON.parse(comment[1]) as Metadata
    const event = decodeSse(raw)
    if (event === null || event.data === '[DONE]') return
    const piece = deltaOf(JSON.parse(event.data) as Chunk)
    text += piece
    if (piece !== '') await onText(piece)
  }
  for await (const chunk of chunks) for (const raw of splitter.push(chunk)) await read(raw)
  const rest = splitter.end()
  if (rest !== null) await read(rest)
  return {
    text,
    call: headers['x-llmroute-call'] ?? null,
    // Headers are ASCII, which names need not be.
    model: metadata.model ?? headers['x-llmroute-model'] ?? null,
    profile: metadata.profile ?? headers['x-llmroute-profile'] ?? null,
    reason: metadata.reason ?? headers['x-llmroute-reason'] ?? null,
    simulated: headers['x-llmroute-simulated'] === 'true',
    attempts: metadata.attempts ?? null,
    costUsd: metadata.costUsd ?? null,
    savingsUsd: metadata.savingsUsd ?? null,
    latencyMs: metadata.latencyMs ?? null,
  }
}

interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null; readonly refusal?: string | null } }[]
  readonly error?: { readonly message?: string }
}

function deltaOf({ choices, error }: Chunk): string {
  if (error !== undefined) throw new Fault('E_UPSTREAM', `The answer was cut off: ${error.message ?? 'unknown error'}`, { hint: SHOW_LAST })
  const delta = choices?.[0]?.delta
  return delta?.content ?? delta?.refusal ?? ''
}

async function refusal(status: number, headers: Incoming['headers'], chunks: AsyncIterable<Uint8Array>): Promise<Fault> {
  const body = await readText(chunks)
  const error = (parseJson(body) as Chunk | null | undefined)?.error
  const told = error?.message ?? body.slice(0, 300)
  // A provider's own words do not say what to do here; what is refused by llmroute itself does.
  const tried = Number(headers['x-llmroute-attempts'] ?? 0) > 0 && !told.includes('`llmroute ')
  return new Fault(status === 404 ? 'E_UNKNOWN_MODEL' : 'E_UPSTREAM', told, { status, ...(tried && { hint: SHOW_LAST }) })
}

const SHOW_LAST = 'See what was tried: `llmroute log last`.'
