/** Where a unified diff of git, or one without its header, begins. */
const BEGINS = /^(?:diff --git .*|--- \S.*\n\+\+\+ \S.*\n@@ .*|@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*)$/m
const HUNK = '@@ -'
/** A diff beside a short instruction has begun by here, so that a long text without one costs no more to look through. */
const OPENING = 2000
/** Lines that a diff is made of. */
const LINE =
  /^(?:[-+ @\\].*|diff --git .*|(?:index|new file|deleted file|old mode|new mode|similarity|dissimilarity|rename|copy|Binary) .*|)$/
/** An instruction beside a diff is short; a longer text is a report that quotes one, and is read completely. */
const SHORT = 600

/**
 * The instruction beside a diff: what changed says nothing about how hard it is to describe it. The text itself when it holds no diff, or
 * little else.
 */
export function setAsideDiff(text: string): string {
  const opening = text.slice(0, OPENING)
  const begins = opening.includes(HUNK) ? BEGINS.exec(opening) : null
  if (begins === null) return text
  const lines = text.slice(begins.index).split('\n')
  const end = lines.findIndex((line) => !LINE.test(line))
  const rest = `${text.slice(0, begins.index)}${end < 0 ? '' : lines.slice(end).join('\n')}`.trim()
  return rest.length > SHORT || !/\p{L}{2}/u.test(rest) ? text : rest
}
