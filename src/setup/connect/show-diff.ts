import { redactSecrets } from '../../kit/index.js'

/** A line of a diff as people read it. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added' | 'gap'
  readonly text: string
}

const CONTEXT = 2

/** What changes, with two lines around it. What looks like a key is hidden: a diff ends up in terminals and bug reports. */
export function showDiff(before: string, after: string): readonly DiffLine[] {
  const a = linesOf(before)
  const hunks = diffLines(a, linesOf(after))
  const lines: DiffLine[] = []
  const add = (kind: DiffLine['kind'], texts: readonly string[]): void => {
    for (const text of texts) lines.push({ kind, text: redactSecrets(text) })
  }
  let shown = 0
  for (const [i, hunk] of hunks.entries()) {
    const from = Math.max(shown, hunk.at - CONTEXT)
    if (from > shown) add('gap', ['…'])
    add('same', a.slice(from, hunk.at))
    add('removed', hunk.removed)
    add('added', hunk.added)
    const end = hunk.at + hunk.removed.length
    shown = Math.min(end + CONTEXT, hunks[i + 1]?.at ?? a.length)
    add('same', a.slice(end, shown))
  }
  if (hunks.length > 0 && shown < a.length) add('gap', ['…'])
  return lines
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** A change of one text into another, in lines: `removed` lines from `at` (counted from 0) give way to `added`. */
interface Hunk {
  readonly at: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** The fewest changed lines, by longest common subsequence of what differs between common ends. */
function diffLines(before: readonly string[], after: readonly string[]): readonly Hunk[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  return walk(before.slice(head, before.length - tail), after.slice(head, after.length - tail), head)
}

function walk(a: readonly string[], b: readonly string[], offset: number): readonly Hunk[] {
  const common = commonLengths(a, b)
  const hunks: { at: number; removed: string[]; added: string[] }[] = []
  let open: { at: number; removed: string[]; added: string[] } | null = null
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      open = null
      i++
      j++
      continue
    }
    if (open === null) {
      open = { at: offset + i, removed: [], added: [] }
      hunks.push(open)
    }
    const skipA = common[i + 1]?.[j] ?? 0
    const skipB = common[i]?.[j + 1] ?? 0
    if (j >= b.length || (i < a.length && skipA >= skipB)) open.removed.push(a[i++] ?? '')
    else open.added.push(b[j++] ?? '')
  }
  return hunks
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
