import { type Packing, pack, sourceOf } from '../../kit/index.js'
import { SIGNED } from './kinds.js'

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
