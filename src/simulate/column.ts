/** Numbers in a row that grows: eight bytes each, where an array of a million numbers takes more. */
export interface Column {
  values: Float64Array
  length: number
}

export function newColumn(): Column {
  return { values: new Float64Array(64), length: 0 }
}

export function push(column: Column, value: number): void {
  addAt(column, column.length, value)
}

/** Adds to the number at a place, which is 0 until then; it may lie beyond the end. */
export function addAt(column: Column, place: number, value: number): void {
  if (place >= column.length) {
    column.length = place + 1
    if (column.length > column.values.length) {
      const wider = new Float64Array(Math.max(column.length, column.values.length * 2))
      wider.set(column.values)
      column.values = wider
    }
  }
  column.values[place]! += value
}

/** The numbers, sorted in the column itself: a copy of a million takes eight megabytes. */
export function sorted({ values, length }: Column): Float64Array {
  return values.subarray(0, length).sort()
}

/** The p-quantiles of sorted numbers, nearest rank; null when there are none. */
export function quantiles(numbers: Float64Array, ps: readonly number[]): readonly (number | null)[] {
  const last = numbers.length - 1
  return ps.map((p) => numbers[Math.min(last, Math.max(0, Math.ceil(p * numbers.length) - 1))] ?? null)
}
