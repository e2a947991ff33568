/** Up to three known names that look most like `name`, nearest first; none when nothing is near. */
export function closestNames(name: string, known: readonly string[]): readonly string[] {
  const wanted = simplify(name)
  return known
    .map((candidate) => ({ candidate, distance: nameDistance(wanted, simplify(candidate)) }))
    .filter(({ candidate, distance }) => distance <= Math.max(wanted.length, simplify(candidate).length) / 2)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

/** `claude-opus-4.6` and `claude-opus-4-6` are the same to a person; so is a missing provider. */
function simplify(name: string): string {
  return name
    .slice(name.indexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
}

/** Levenshtein distance; a contained name counts half of what it lacks. */
function nameDistance(a: string, b: string): number {
  if (a.includes(b) || b.includes(a)) return Math.abs(a.length - b.length) / 2
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** Dots and dashes in version numbers are the same; used to accept `claude-opus-4.6` for `claude-opus-4-6`. */
export function sameName(a: string, b: string): boolean {
  return a.length === b.length && a.toLowerCase().replaceAll('.', '-') === b.toLowerCase().replaceAll('.', '-')
}
