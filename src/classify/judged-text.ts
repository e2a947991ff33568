/** A text longer than this holds pasted material; its instruction stands at its edges. */
const LONG = 3000
const HEAD = 1200
const TAIL = 600
const MATERIAL =
  /^\s*(?:\d{4}-\d\d-\d\d|\[?\d\d:\d\d|\[\w+\]|at \S+|(?:info|debug|warn|warning|error|trace|fatal)\b|[{}<>|]|\S+\.\w+:\d+)|^\s{4,}|\t/i

/**
 * The text a turn is judged by: the first 1,200 and the last 600 characters, without the lines of a long paste that
 * look like a log. A hundred kilobytes of log say nothing about how hard the question under them is.
 */
export function judgedText(text: string): string {
  if (text.length <= LONG) return text.length > HEAD + TAIL ? `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}` : text
  return `${withoutMaterial(text.slice(0, HEAD))}\n${withoutMaterial(text.slice(-TAIL))}`.trim()
}

function withoutMaterial(text: string): string {
  return text
    .split('\n')
    .filter((line) => !MATERIAL.test(line))
    .join('\n')
}
