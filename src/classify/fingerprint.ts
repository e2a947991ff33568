/**
 * A 64-bit non-cryptographic hash of a list of texts as 16 hex digits: two multiply-xor lanes with a final avalanche (cyrb53's
 * construction). It identifies things seen in a request and does not protect against deliberate collisions.
 */
export function fingerprint(texts: readonly string[]): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i)
      a = Math.imul(a ^ c, 2654435761)
      b = Math.imul(b ^ c, 1597334677)
    }
    a = Math.imul(a ^ 0x1f, 2654435761)
    b = Math.imul(b ^ 0x1f, 1597334677)
  }
  const high = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  const low = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return hex(high) + hex(low)
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
