/** Searches in the bytes of a stream's events, for taps that decode only what matters. */

const COLON = 0x3a
const SPACE = 0x20
const NULL = 0x6e
const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Whether a key, given with its quotation marks, has a value other than null. Text inside JSON strings cannot match: its
 * quotation marks are escaped.
 */
export function hasValue(bytes: Buffer, key: Buffer): boolean {
  for (let at = bytes.indexOf(key); at !== -1; at = bytes.indexOf(key, at)) {
    at += key.length
    let c = bytes[at]
    while (c === COLON || c === SPACE) c = bytes[++at]
    if (c !== NULL) return true
  }
  return false
}

/** Bytes of the string values that follow any of these texts (`content":"`), escapes as written: an estimate of the output. */
export function countText(bytes: Buffer, before: readonly Buffer[]): number {
  let count = 0
  for (const text of before) {
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at)) {
      const from = at + text.length
      at = bytes.indexOf(QUOTE, from)
      while (at !== -1 && bytes[at - 1] === BACKSLASH) at = bytes.indexOf(QUOTE, at + 1)
      if (at === -1) return count
      count += at - from
    }
  }
  return count
}
