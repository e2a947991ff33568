import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export interface Decoder {
  write(chunk: Uint8Array): void
  end(): void
  /** Until `resume` nothing more is pushed: a few compressed bytes may be a hundred megabytes. */
  pause(): void
  resume(): void
  /** Discards what is not decoded yet. */
  stop(): void
}

/**
 * We ask for `identity`, but some servers compress anyway. Null when there is nothing to decode. An unknown encoding is passed on; the
 * body's reader will report that it is not JSON.
 */
export function createDecoder(
  encoding: string | undefined,
  push: (chunk: Uint8Array) => void,
  done: () => void,
  fail: (error: Error) => void,
): Decoder | null {
  const coding = encoding?.trim().toLowerCase()
  const stream =
    coding === 'gzip' || coding === 'x-gzip'
      ? createGunzip()
      : coding === 'br'
        ? createBrotliDecompress()
        : coding === 'deflate'
          ? createInflate()
          : null
  if (stream === null) return null
  stream.on('data', push)
  stream.on('end', done)
  stream.on('error', fail)
  return {
    write: (chunk) => void stream.write(chunk),
    end: () => void stream.end(),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    stop: () => void stream.destroy(),
  }
}
