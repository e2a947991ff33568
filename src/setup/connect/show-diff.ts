import { diffArrays } from 'diff/lib/diff/array.js'
import { redactSecrets } from '../../kit/index.js'

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added' | 'gap'
  readonly text: string
}

const CONTEXT = 2
/** Lines removed or added, beyond which looking for those that stayed takes seconds. */
const MOST_CHANGES = 2000

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

/** The fewest changed lines, those removed before those added; all lines where nearly all have changed. */
function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const all = [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ]
  return (diffArrays([...before], [...after], { maxEditLength: MOST_CHANGES }) ?? all).flatMap(({ value, removed, added }) =>
    value.map((text) => ({ kind: removed ? 'removed' : added ? 'added' : 'same', text })),
  )
}
