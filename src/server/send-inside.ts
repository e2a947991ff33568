import { Readable } from 'node:stream'
import { Fault } from '../kit/index.js'
import type { Inbound, Router } from '../route/index.js'

/** An answer as it comes in. */
export interface Incoming {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly chunks: AsyncIterable<Uint8Array>
}

/**
 * Sends a request to a router in this process; an abort looks to the router like a client that disconnects. `answer` resolves when the
 * answer begins, and rejects with E_CANCELLED for a call that ended before; `handled` resolves when it has ended.
 */
export function sendInside(
  router: Router,
  inbound: Inbound,
  signal: AbortSignal,
): { readonly answer: Promise<Incoming>; readonly handled: Promise<void> } {
  const chunks = new Readable({ objectMode: true, read: () => {} })
  let ended = false
  const add = (chunk: Uint8Array | string): boolean => {
    if (!ended) chunks.push(Buffer.from(chunk as string))
    return true
  }
  const end = (): void => {
    if (!ended) chunks.push(null)
    ended = true
  }
  let handled: Promise<void> = Promise.resolve()
  const answer = new Promise<Incoming>((resolve, reject) => {
    handled = router
      .handle(inbound, {
        head: (status, headers) => resolve({ status, headers, chunks }),
        write: add,
        end(chunk) {
          if (chunk !== undefined) add(chunk)
          end()
        },
        onDrain: () => {},
        onGone(listener) {
          const gone = (): void => {
            listener()
            end()
          }
          if (signal.aborted) queueMicrotask(gone)
          else signal.addEventListener('abort', gone)
        },
      })
      .then(() => reject(new Fault('E_CANCELLED', 'The call ended before its answer began.', { hint: 'Ask again.' })), reject)
  })
  return { answer, handled }
}
