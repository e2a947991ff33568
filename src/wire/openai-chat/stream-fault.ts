import type { Fault } from '../../kit/index.js'
import type { WireEvent } from '../codec.js'
import { isErrorInside } from '../error-inside.js'
import type { Json } from '../json.js'
import { readFault } from '../openai-fault.js'

/**
 * The error that an event of a stream holds, if any: as in a whole answer, as an event of that name (LM Studio, Groq), or, by
 * older vLLM, as an object that calls itself one.
 */
export function faultOfChunk({ event }: WireEvent, chunk: Json): Fault | null {
  return isErrorInside(chunk) || event === 'error' || chunk.object === 'error' ? readFault(200, {}, chunk) : null
}
