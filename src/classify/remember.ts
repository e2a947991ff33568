import { textKey } from '../kit/index.js'

interface Known<T> {
  readonly text: string
  readonly made: T
}

/** Characters kept beside the number of texts, so that a few long ones do not fill the memory. */
const MOST_CHARS = 4_000_000

/**
 * Results for the latest texts, by the text itself: agents send the same ones with every step, each time parsed from JSON. The oldest are
 * dropped beyond `kept`.
 */
export function rememberTexts<T>(kept: number): (text: string, make: (text: string) => T) => T {
  const known = new Map<number, Known<T>>()
  let chars = 0
  const forget = (key: number): void => {
    chars -= known.get(key)?.text.length ?? 0
    known.delete(key)
  }
  return (text, make) => {
    const key = textKey(text)
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
