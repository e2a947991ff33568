import { createHmac } from 'node:crypto'

/** Hex digests are kept as bytes, half their size; any other text is kept as it is. */
export function packDigest(digest: string): Buffer | string {
  return digest.length % 2 === 0 && /^[0-9a-f]+$/.test(digest) ? Buffer.from(digest, 'hex') : digest
}

export function unpackDigest(stored: Buffer | string): string {
  return typeof stored === 'string' ? stored : stored.toString('hex')
}

/** A digest that says nothing about its content to whoever lacks this ledger's key: for calls whose bodies are not kept. */
export function keyedDigest(key: Uint8Array, digest: string): string {
  return createHmac('sha256', key).update(digest).digest('hex').slice(0, 32)
}
