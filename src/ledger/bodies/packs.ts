import { brotliCompress, brotliDecompressSync, constants } from 'node:zlib'

/** Messages are compressed many at a time: a short one alone barely shrinks, and costs a compressor's start-up. */

export function compressPack(raw: Buffer): Promise<Buffer> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    [constants.BROTLI_PARAM_LGWIN]: 20,
  }
  return new Promise((resolve, reject) => {
    brotliCompress(raw, { params }, (error, packed) => (error === null ? resolve(packed) : reject(error)))
  })
}

export function expandPack(packed: Uint8Array): Buffer {
  return brotliDecompressSync(packed)
}
