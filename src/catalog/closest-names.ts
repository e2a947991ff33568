/** Names nearest to `name`, best first, for "did you mean"; none when nothing is near. */
export function closestNames(name: string, names: readonly string[], limit = 3): readonly string[] {
  const wanted = name.toLowerCase()
  const scored = names.map((candidate) => ({ candidate, distance: distanceOf(wanted, candidate.toLowerCase()) }))
  return scored
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.ceil(Math.max(candidate.length, wanted.length) / 3)))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate)
}

/** `Did you mean 'x'?`, with the nearest name; null when nothing is near. */
export function didYouMean(name: string, names: readonly string[]): string | null {
  const [near] = closestNames(name, names, 1)
  return near === undefined ? null : `Did you mean '${near}'?`
}

/** Edit distance. A missing or wrong provider costs one; a name that contains the wanted one is near, however long it is. */
function distanceOf(a: string, b: string): number {
  const part = a.length >= 3 && b.includes(a) ? 2 : Number.POSITIVE_INFINITY
  return Math.min(part, levenshtein(a, b), levenshtein(a.slice(a.indexOf('/') + 1), b.slice(b.indexOf('/') + 1)) + 1)
}

function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
