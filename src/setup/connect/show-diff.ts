import { redactSecrets } from '../../kit/index.js'
import { diffLines } from './line-diff.js'

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
