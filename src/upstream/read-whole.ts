import { asBuffer, Fault } from '../kit/index.js'
import type { Answer } from './exchange.js'

/** Longest JSON answer that is held in memory, bytes. */
const MAX_WHOLE_BYTES = 64 * 1024 * 1024

/** The complete body of an answer. Rejects with E_UPSTREAM when it is longer than `limit` bytes. */
export async function readWhole(answer: Answer, cancel: (fault: Fault) => void, limit = MAX_WHOLE_BYTES): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  await answer.consume((chunk) => {
    size += chunk.length
    if (size > limit) cancel(new Fault('E_UPSTREAM', `the answer is longer than ${Math.round(limit / 1048576)} MB`))
    else chunks.push(chunk)
    return true
  })
  const first = chunks[0]
  return chunks.length === 1 && first !== undefined ? asBuffer(first) : Buffer.concat(chunks, size)
}
