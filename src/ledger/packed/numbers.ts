/** Whole numbers as signed differences of 7 bits per byte: lists of neighbouring row numbers take one or two bytes an entry. */
export function packNumbers(numbers: readonly number[]): Buffer {
  const bytes: number[] = []
  let last = 0
  for (const n of numbers) {
    const difference = n - last
    last = n
    let rest = difference < 0 ? -difference * 2 - 1 : difference * 2
    while (rest >= 128) {
      bytes.push((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    bytes.push(rest)
  }
  return Buffer.from(bytes)
}

export function unpackNumbers(packed: Uint8Array): number[] {
  const numbers: number[] = []
  let last = 0
  let value = 0
  let scale = 1
  for (const byte of packed) {
    value += (byte % 128) * scale
    if (byte >= 128) {
      scale *= 128
      continue
    }
    last += value % 2 === 0 ? value / 2 : -(value + 1) / 2
    numbers.push(last)
    value = 0
    scale = 1
  }
  return numbers
}
