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
