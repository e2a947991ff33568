import { ensure, getVarint, type Packing, pack, putVarint, skip, sourceOf } from '../../kit/index.js'

/** 0 is null. */
export const COUNT_OR_NULL: Packing<number | null> = {
  write: (sink, n) => putVarint(sink, n === null ? 0 : n + 1),
  read(source) {
    const n = getVarint(source)
    return n === 0 ? null : n - 1
  },
}

/** A whole number of either sign. */
export const SIGNED: Packing<number> = {
  write: (sink, n) => putVarint(sink, n < 0 ? -2 * n - 1 : 2 * n),
  read(source) {
    const n = getVarint(source)
    return n % 2 === 0 ? n / 2 : -(n + 1) / 2
  },
}

/** Milliseconds, stored to the microsecond. */
export const MS: Packing<number | null> = {
  write(sink, ms) {
    if (ms === null) return putVarint(sink, 0)
    const us = Math.round(ms * 1000)
    // 0 is null, so that no number may take it.
    SIGNED.write(sink, us < 0 ? us : us + 1)
  },
  read(source) {
    const n = getVarint(source)
    if (n === 0) return null
    return n % 2 === 0 ? (n / 2 - 1) / 1000 : -(n + 1) / 2000
  },
}

export const TEXT: Packing<string | null> = {
  write(sink, text) {
    if (text === null) return putVarint(sink, 0)
    const length = Buffer.byteLength(text)
    putVarint(sink, length + 1)
    ensure(sink, length)
    sink.at += sink.bytes.write(text, sink.at)
  },
  read(source) {
    const length = getVarint(source)
    if (length === 0) return null
    const start = skip(source, length - 1)
    return source.bytes.toString('utf8', start, source.at)
  },
}

export const BYTES: Packing<Buffer | null> = {
  write(sink, bytes) {
    if (bytes === null) return putVarint(sink, 0)
    putVarint(sink, bytes.length + 1)
    ensure(sink, bytes.length)
    sink.at += bytes.copy(sink.bytes, sink.at)
  },
  read(source) {
    const length = getVarint(source)
    if (length === 0) return null
    const start = skip(source, length - 1)
    return source.bytes.subarray(start, source.at)
  },
}

/** Whole numbers as signed differences: lists of neighbouring row numbers take one or two bytes an entry. */
const DIFFERENCES: Packing<readonly number[]> = {
  write(sink, numbers) {
    let last = 0
    for (const n of numbers) {
      SIGNED.write(sink, n - last)
      last = n
    }
  },
  read(source) {
    const numbers: number[] = []
    for (let last = 0; source.at < source.bytes.length; numbers.push(last)) last += SIGNED.read(source)
    return numbers
  },
}

export function packNumbers(numbers: readonly number[]): Buffer {
  return pack(DIFFERENCES, numbers)
}

export function unpackNumbers(packed: Uint8Array): readonly number[] {
  return DIFFERENCES.read(sourceOf(packed))
}
