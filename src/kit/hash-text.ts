/** FNV-1a over UTF-16 code units, 32 bits, unsigned: http://www.isthe.com/chongo/tech/comp/fnv/. `seed` takes the place of its offset basis. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Units of a long text that its key uses: this many from its head, its tail and between. */
const SAMPLES = 32
const PRIME = 16777619

/**
 * A 32-bit key of a text, from its length and a few of its units: equal texts have equal keys, different texts mostly have different ones.
 * Callers compare the texts they find by it. Together that is many times faster than hashing whole texts, as a map with string keys would.
 */
export function textKey(text: string): number {
  const n = text.length
  let key = n
  const mix = (at: number): void => {
    key = Math.imul(key ^ text.charCodeAt(at), PRIME)
  }
  if (n <= 3 * SAMPLES) for (let at = 0; at < n; at++) mix(at)
  else {
    // Results of one tool differ at their edges, if not in length.
    for (let at = 0; at < SAMPLES; at++) {
      mix(at)
      mix(n - 1 - at)
    }
    const stride = Math.floor(n / SAMPLES)
    for (let at = stride; at < n; at += stride) mix(at)
  }
  return key
}

/**
 * A 64-bit hash of a list of texts as 16 hex digits. It identifies things seen in requests and logs and does not protect against deliberate
 * collisions. Two lanes of multiply-and-xor with a final avalanche: cyrb53, public domain, by bryc,
 * https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js
 */
export function fingerprint(texts: readonly string[]): string {
  const { high, low } = mixTexts(texts)
  return hex(high) + hex(low)
}

/** The same of one text as a whole number of 53 bits. */
export function hash53(text: string): number {
  const { high, low } = mixTexts([text])
  return 4294967296 * (2097151 & high) + (low >>> 0)
}

function mixTexts(texts: readonly string[]): { readonly high: number; readonly low: number } {
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
  return {
    high: Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909),
    low: Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909),
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
