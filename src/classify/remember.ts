import { textKey } from '../kit/index.js'

interface Known<T> {
  readonly text: string
  readonly made: T
}

/**
 * Results for the latest texts, by the text itself: agents send the same ones with every step, each time parsed from JSON. At most `kept`,
 * of which the half that was not asked for lately is dropped at once: a map from which one entry is deleted for each added is rebuilt all
 * the time, and V8 keeps what it held before until the whole heap is collected.
 */
export function rememberTexts<T>(kept: number): (text: string, make: (text: string) => T) => T {
  let recent = new Map<number, Known<T>>()
  let earlier: typeof recent = new Map()
  return (text, make) => {
    const key = textKey(text)
    const now = recent.get(key)
    if (now?.text === text) return now.made
    const before = earlier.get(key)
    const known = before?.text === text ? before : { text, made: make(text) }
    if (recent.size >= kept / 2) {
      earlier = recent
      recent = new Map()
    }
    recent.set(key, known)
    return known.made
  }
}
