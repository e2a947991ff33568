/** Part of a whole, 0 when there is no whole. */
export function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}

/** Null without values. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : sumOf(values, (value) => value) / values.length
}
