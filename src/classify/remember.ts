interface Known<T> {
  readonly text: string
  readonly made: T
}

/** Characters kept beside the number of texts, so that a few long ones do not fill the memory. */
const MOST_CHARS = 4_000_000
/** Units of a longer text that its key is made of: as many from its head, its tail and between. */
const SAMPLES = 32

/**
 * What was made of the last texts, by the text itself: agents send the same ones again with every step, each time read anew from JSON.
 * The oldest are forgotten beyond `kept`. A text is found by its length and a few of its units and then compared, which is many
 * times quicker than to hash it, as a map of strings would.
 */
export function rememberTexts<T>(kept: number): (text: string, make: (text: string) => T) => T {
  const known = new Map<number, Known<T>>()
  let chars = 0
  const forget = (key: number): void => {
    chars -= known.get(key)?.text.length ?? 0
    known.delete(key)
  }
  return (text, make) => {
    const key = keyOf(text)
    const before = known.get(key)
    if (before !== undefined && before.text === text) return before.made
    const made = make(text)
    forget(key)
    known.set(key, { text, made })
    chars += text.length
    for (const oldest of known.keys()) {
      if (known.size <= kept && chars <= MOST_CHARS) break
      forget(oldest)
    }
    return made
  }
}

function keyOf(text: string): number {
  const n = text.length
  let key = n
  const mix = (at: number): void => {
    key = Math.imul(key ^ text.charCodeAt(at), 16777619)
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
