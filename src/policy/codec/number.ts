import { ensure, getVarint, type Packing, putByte, putVarint, type Sink, type Source, skip } from '../../kit/index.js'

const GRID = 1e6
/** Lowest bits of a number's varint: a positive or negative number of millionths, a raw double that follows, or a whole number. */
const TAG = { millionths: 0, negative: 1, raw: 2, whole: 3 } as const

/** Any number, exactly: small whole numbers and millionths in a few bytes, others in nine. */
export function putNumber(sink: Sink, value: number): void {
  if (value >= 0 && value < 2 ** 50 && Number.isInteger(value) && !Object.is(value, -0)) {
    putVarint(sink, value * 4 + TAG.whole)
    return
  }
  const scaled = Math.round(Math.abs(value) * GRID)
  if (scaled < 2 ** 50 && scaled / GRID === Math.abs(value) && !Object.is(value, -0)) {
    putVarint(sink, scaled * 4 + (value < 0 ? TAG.negative : TAG.millionths))
    return
  }
  putByte(sink, TAG.raw)
  ensure(sink, 8)
  sink.at = sink.bytes.writeDoubleLE(value, sink.at)
}

export function getNumber(source: Source): number {
  const coded = getVarint(source)
  const tag = coded % 4
  switch (tag) {
    case TAG.whole:
      return (coded - tag) / 4
    case TAG.raw:
      return source.bytes.readDoubleLE(skip(source, 8))
    case TAG.negative:
      return -((coded - tag) / 4 / GRID)
    default:
      return coded / 4 / GRID
  }
}

export const NUMBER: Packing<number> = { write: putNumber, read: getNumber }
