/** A text longer than this contains pasted material; its instruction is at its edges. */
const LONG = 3000
const HEAD = 1200
const TAIL = 600
/** Lines of a paste, and the part of a longer line that is read. */
const MATERIAL =
  /^\s*(?:\d{4}-\d\d-\d\d|\[?\d\d:\d\d|\[\w+\]|at \S+|(?:info|debug|warn|warning|error|trace|fatal)\b|[{}<>|]|\S+\.\w+:\d+)|^\s{4,}|\t/i
const LINE = 240
/** Lines alike in shape that make a log. */
const ALIKE = 3

/** What is left of a text that may hold a paste. */
export interface Written {
  readonly text: string
  /** Characters the person is taken to have written: a paste does not count. */
  readonly length: number
}

/**
 * The first 1,200 and the last 600 characters, without the lines of a long paste that look like a log. A hundred kilobytes of log
 * say nothing about how hard the question beside them is.
 */
export function setAsidePaste(text: string): Written {
  if (text.length <= HEAD + TAIL) return { text: text.replace(BOXED, ' '), length: text.length }
  // Joined, not concatenated: a string in one piece is read three times as fast.
  const edges = [text.slice(0, HEAD), text.slice(-TAIL)].join('\n').replace(BOXED, ' ')
  if (text.length <= LONG) return { text: edges, length: text.length }
  const kept = withoutMaterial([...wholeLines(text.slice(0, HEAD), false), ...wholeLines(text.slice(-TAIL), true)])
  // Prose and problem statements stay complete; only a text that is mostly pasted is cut to its instruction.
  const written = kept.reduce((sum, line) => sum + line.length, 0)
  if (written > edges.length / 2) return { text: edges, length: Math.min(text.length, 2 * LONG) }
  const instruction = kept.join('\n').trim()
  return { text: instruction, length: instruction.length }
}

/** Lines of an edge but the one that the cut went through, unless it is the only one. */
function wholeLines(edge: string, cutFirst: boolean): readonly string[] {
  const lines = edge.split('\n')
  if (lines.length < 2) return lines
  return cutFirst ? lines.slice(1) : lines.slice(0, -1)
}

/** Answer templates of benchmarks. */
const BOXED = /\\boxed\{[^}\n]*\}/g

function withoutMaterial(lines: readonly string[]): readonly string[] {
  const shapes = lines.map(shapeOf)
  const counts = new Map<string, number>()
  for (const shape of shapes) counts.set(shape, (counts.get(shape) ?? 0) + 1)
  return lines
    .filter((line, i) => line.trim() !== '' && !MATERIAL.test(line) && counts.get(shapes[i]!)! < ALIKE)
    .map((line) => line.slice(0, LINE))
}

/** The line's opening with letters and digits made equal. */
function shapeOf(line: string): string {
  return line
    .slice(0, 24)
    .replace(/[a-z]+/gi, 'a')
    .replace(/\d+/g, '0')
    .slice(0, 12)
}
