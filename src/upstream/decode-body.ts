import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export interface Decoder {
  write(chunk: Uint8Array): void
  end(): void
}

/**
 * We ask for `identity`; some servers compress all the same. Null when there is nothing to undo. An unknown encoding is
 * passed on as it is: the reader of the body will say that it is not JSON.
 */
export function createDecoder(
  encoding: string | undefined,
  push: (chunk: Uint8Array) => void,
  done: () => void,
  fail: (error: Error) => void,
): Decoder | null {
  const stream =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : null
  if (stream === null) return null
  stream.on('data', push)
  stream.on('end', done)
  stream.on('error', fail)
  return { write: (chunk) => void stream.write(chunk), end: () => void stream.end() }
}
