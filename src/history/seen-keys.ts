import type { Seen } from './types.js'

/** A set of texts kept as 53-bit hashes: a million keys take a few dozen megabytes and have a collision among them with a chance of 1 in 18,000. */
export function openSeenKeys(): Seen {
  const hashes = new Set<number>()
  return { has: (key) => hashes.has(hash53(key)), add: (key) => void hashes.add(hash53(key)) }
}

/** cyrb53, public domain, by bryc: https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js */
function hash53(text: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}
