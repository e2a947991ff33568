/** Line ends and indentation of a file, so that what is added looks like what is there. */

export function eolOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}

/** One step of indentation: that of the first indented line, two spaces when there is none. */
export function indentUnitOf(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? '  '
}

/** The white space that opens the line of `at`. */
export function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? ''
}

/** True when nothing but white space stands before `at` on its line. */
export function opensLine(text: string, at: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, at), at))
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** End of the line of `at`, before its line end. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  if (end < 0) return text.length
  return text[end - 1] === '\r' && end > at ? end - 1 : end
}

/** Start of the line after that of `at`; the text's length when it is the last. */
export function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

/** Line number for people, from 1. */
export function lineNumber(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

/** The text with `piece` in place of what stands from `start` to `end`. */
export function splice(text: string, start: number, end: number, piece: string): string {
  return text.slice(0, start) + piece + text.slice(end)
}

/** The text with a line end after its last line; an empty text stays empty. */
export function closed(text: string): string {
  return text === '' || text.endsWith('\n') ? text : text + eolOf(text)
}

/** The text with one more line at its end. */
export function addLine(text: string, line: string): string {
  return `${closed(text)}${line}${eolOf(text)}`
}
