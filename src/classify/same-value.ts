/** Whether two JSON values are the same, the order of an object's keys aside. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false
    return true
  }
  if (Array.isArray(b)) return false
  let keys = 0
  for (const key in a) {
    keys++
    const value = (b as Readonly<Record<string, unknown>>)[key]
    if (value === undefined || !sameValue((a as Readonly<Record<string, unknown>>)[key], value)) return false
  }
  for (const _ in b) keys--
  return keys === 0
}
