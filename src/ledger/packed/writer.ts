/** Appends small values to a growing buffer: numbers of 7 bits per byte, so that small values take one byte. */
export interface Writer {
  /** A whole number from 0 up to 2^53. */
  count(n: number): void
  countOrNull(n: number | null): void
  /** A whole number of either sign. */
  signed(n: number): void
  /** Milliseconds, stored to the microsecond. */
  ms(n: number | null): void
  text(text: string | null): void
  bytes(bytes: Uint8Array): void
  /** A copy of what was written; the writer is then empty again. */
  take(): Buffer
}

export function openWriter(): Writer {
  let buffer = Buffer.allocUnsafe(4096)
  let at = 0

  function reserve(bytes: number): void {
    if (at + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
  }

  function count(n: number): void {
    reserve(8)
    let rest = n
    while (rest >= 128) {
      buffer[at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    buffer[at++] = rest
  }

  const countOrNull = (n: number | null) => count(n === null ? 0 : n + 1)
  const signed = (n: number) => count(n < 0 ? -2 * n - 1 : 2 * n)

  return {
    count,
    countOrNull,
    signed,
    ms(n) {
      if (n === null) return count(0)
      const us = Math.round(n * 1000)
      // 0 is null, so that no number may take it.
      signed(us < 0 ? us : us + 1)
    },
    text(text) {
      if (text === null) return count(0)
      const length = Buffer.byteLength(text)
      count(length + 1)
      reserve(length)
      at += buffer.write(text, at)
    },
    bytes(bytes) {
      reserve(bytes.length)
      buffer.set(bytes, at)
      at += bytes.length
    },
    take() {
      const taken = Buffer.from(buffer.subarray(0, at))
      at = 0
      return taken
    },
  }
}
