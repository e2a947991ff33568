/** Reads what a Writer wrote. A plain object with functions over it, because a replay reads tens of millions of these. */
export interface Reader {
  readonly bytes: Buffer
  at: number
}

export function readCount(r: Reader): number {
  const { bytes } = r
  let byte = bytes[r.at++]!
  if (byte < 128) return byte
  let value = byte & 127
  let scale = 128
  for (;;) {
    byte = bytes[r.at++]!
    value += (byte & 127) * scale
    if (!(byte >= 128)) return value
    scale *= 128
  }
}

export function readCountOrNull(r: Reader): number | null {
  const n = readCount(r)
  return n === 0 ? null : n - 1
}

export function readSigned(r: Reader): number {
  const n = readCount(r)
  return n % 2 === 0 ? n / 2 : -(n + 1) / 2
}

export function readMs(r: Reader): number | null {
  const n = readCount(r)
  if (n === 0) return null
  return n % 2 === 0 ? (n / 2 - 1) / 1000 : -(n + 1) / 2000
}

export function readText(r: Reader): string | null {
  const length = readCount(r)
  if (length === 0) return null
  const start = r.at
  r.at += length - 1
  return r.bytes.toString('utf8', start, r.at)
}
