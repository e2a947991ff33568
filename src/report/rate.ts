/** Part of a whole, 0 when there is no whole. */
export function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
