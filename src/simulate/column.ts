/** Numbers in a row that grows: eight bytes each, where an array of a million numbers takes more. */
export interface Column {
  values: Float64Array
  length: number
}

export function newColumn(): Column {
  return { values: new Float64Array(64), length: 0 }
}

export function push(column: Column, value: number): void {
  if (column.length === column.values.length) {
    const wider = new Float64Array(column.length * 2)
    wider.set(column.values)
    column.values = wider
  }
  column.values[column.length++] = value
}

/** The p-quantiles, nearest rank; null when there are no numbers. Sorts the column itself: a copy of a million numbers takes eight megabytes. */
export function quantiles({ values, length }: Column, ps: readonly number[]): readonly (number | null)[] {
  const sorted = values.subarray(0, length).sort()
  return ps.map((p) => sorted[Math.min(length - 1, Math.max(0, Math.ceil(p * length) - 1))] ?? null)
}
