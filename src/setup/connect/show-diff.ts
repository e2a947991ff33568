import { redactSecrets } from '../../kit/index.js'

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added' | 'gap'
  readonly text: string
}

const CONTEXT = 2

/** What changes, with two lines around it. What looks like a key is hidden: a diff ends up in terminals and bug reports. */
export function showDiff(before: string, after: string): readonly DiffLine[] {
  const lines = diffLines(linesOf(before), linesOf(after))
  if (lines.every(({ kind }) => kind === 'same')) return []
  const isShown = (at: number): boolean => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ kind }) => kind !== 'same')
  return lines.flatMap(({ kind, text }, at): DiffLine[] => {
    if (isShown(at)) return [{ kind, text: redactSecrets(text) }]
    return at === 0 || isShown(at - 1) ? [{ kind: 'gap', text: '…' }] : []
  })
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** The fewest changed lines, by longest common subsequence; of lines that change together, those removed come first. */
function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  // What both begin or end with needs no table.
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const a = before.slice(head, before.length - tail)
  const b = after.slice(head, after.length - tail)
  const common = commonLengths(a, b)
  const lines: DiffLine[] = before.slice(0, head).map(same)
  let added: DiffLine[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && a[i] === b[j]) {
      lines.push(...added, same(a[i++] ?? ''))
      added = []
      j++
    } else if (j >= b.length || (i < a.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0)))
      lines.push({ kind: 'removed', text: a[i++] ?? '' })
    else added.push({ kind: 'added', text: b[j++] ?? '' })
  }
  return [...lines, ...added, ...before.slice(before.length - tail).map(same)]
}

function same(text: string): DiffLine {
  return { kind: 'same', text }
}

/** `[i][j]`: length of the longest common subsequence of a from i and b from j. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = rows[i]!
      row[j] = a[i] === b[j] ? (rows[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(rows[i + 1]?.[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return rows
}
