import { notEditable } from './format.js'
import { lineNumber, nextLine } from './text-style.js'

/** A key of the outermost mapping. */
export interface YamlEntry {
  readonly key: string
  readonly start: number
  /** Just after the colon. */
  readonly colon: number
  /** Start of the next entry, or of the comments above it; end of the text for the last. */
  readonly end: number
}

const KEY = /^(?:"([^"\\]*)"|'([^']*)'|([^\s\-?:,[\]{}#&*!|>'"%@`][^:#\r\n]*?|-[^\s:][^:\r\n]*?))[ \t]*:(?=[ \t\r\n]|$)/

/** The outermost keys of a YAML text that is one block mapping, as configuration files are. Throws E_CONFIG for anything else. */
export function scanYaml(text: string): readonly YamlEntry[] {
  const found: { key: string; start: number; colon: number }[] = []
  let begun = false
  for (let at = 0; at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at))
    if (/^(\s|#|$)/.test(line)) continue
    if (/^---(\s|$)/.test(line) && !begun && /^---\s*(#.*)?$/.test(line.trimEnd())) {
      begun = true
      continue
    }
    const match = KEY.exec(line)
    if (match !== null) {
      begun = true
      found.push({ key: match[1] ?? match[2] ?? match[3] ?? '', start: at, colon: at + match[0].length })
    } else if (!(found.length > 0 && /^-(\s|$)/.test(line))) {
      throw notEditable('this is no plain list of keys', lineNumber(text, at))
    }
  }
  return found.map((entry, i) => ({ ...entry, end: beforeComments(text, entry.colon, found[i + 1]?.start ?? text.length) }))
}

/** Blank lines and unindented comments at the end of an entry belong to what follows. */
function beforeComments(text: string, from: number, to: number): number {
  const block = text.slice(from, to)
  const tail = /(?:\n|^)((?:[ \t]*\r?\n|#[^\n]*(?:\n|$))+)$/.exec(block)
  return tail?.[1] === undefined ? to : to - tail[1].length
}
