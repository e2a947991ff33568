import { digest } from '../kit/index.js'
import type { HistorySource } from './types.js'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID made of the call's time and the digest of its identity in the log: sortable like any other, and always the same. */
export function historyId(source: HistorySource, key: string, atMs: number): string {
  let time = ''
  for (let rest = Math.max(0, Math.floor(atMs)), i = 0; i < 10; i++) {
    time = ALPHABET[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  let random = ''
  for (const byte of Buffer.from(digest(`${source}\n${key}`), 'hex')) random += ALPHABET[byte % 32]
  return time + random
}
