import { type Change, type Json, jsonOrText, notEditable, type Span, sameJson, type TextFormat } from './format.js'
import { addLine, eolOf, lineEnd, lineNumber, nextLine, splice } from './text-style.js'

/** YAML whose outermost level is a plain mapping. Values of one line are replaced; items of a list are known by their name. */
export const yamlFormat: TextFormat = {
  read(text, [key, item, field]) {
    const entry = entryOf(text, key)
    if (entry === undefined) return undefined
    if (item !== undefined) return readItem(text, entry, item, field)
    return yamlValue(rawValue(text, entry).raw)
  },

  /** With the space before it, so that nothing at all can be put back. */
  find(text, [key, item]) {
    const entry = entryOf(text, key)
    if (entry === undefined) return undefined
    if (item !== undefined) return itemNamed(text, entry, item)
    const { start, raw } = rawValue(text, entry)
    return { start: entry.colon, end: start + raw.length }
  },

  write(text, { at: [key = '', item], value, when = 'always' }: Change) {
    if (item !== undefined) return writeItem(text, key, item, value as Readonly<Record<string, Json>>)
    const entry = entryOf(text, key)
    if (entry === undefined) return addLine(text, `${key}: ${yamlScalar(value)}`)
    if (when === 'absent') return text
    const { start, raw } = rawValue(text, entry)
    if (sameJson(yamlValue(raw), value)) return text
    if (/^[|>&*!{[]/.test(raw) || text.slice(lineEnd(text, entry.colon), entry.end).trim() !== '')
      throw notEditable(`"${key}" holds more than one plain value`, lineNumber(text, entry.start))
    return splice(text, start, start + raw.length, start === entry.colon ? ` ${yamlScalar(value)}` : yamlScalar(value))
  },

  remove(text, [key, item]) {
    const entry = entryOf(text, key)
    if (entry === undefined) return text
    return item === undefined ? splice(text, entry.start, entry.end, '') : removeItem(text, entry, item)
  },
}

function entryOf(text: string, key: string | undefined): YamlEntry | undefined {
  return scanYaml(text).findLast((entry) => entry.key === key)
}

/** What stands behind the colon on the same line, without its comment. */
function rawValue(text: string, { colon }: YamlEntry): { readonly start: number; readonly raw: string } {
  const line = text.slice(colon, lineEnd(text, colon))
  const space = /^[ \t]*/.exec(line)?.[0].length ?? 0
  const rest = line.slice(space)
  if (rest.startsWith('#')) return { start: colon, raw: '' }
  const raw = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(rest)?.[0] ?? rest.replace(/[ \t]+#.*$/, '').trimEnd()
  return raw === '' ? { start: colon, raw } : { start: colon + space, raw }
}

/** A key of the outermost mapping. */
interface YamlEntry {
  readonly key: string
  readonly start: number
  readonly colon: number
  /** Start of the next entry, or of the comments above it; end of the text for the last. */
  readonly end: number
}

const KEY = /^(?:"([^"\\]*)"|'([^']*)'|([^\s\-?:,[\]{}#&*!|>'"%@`][^:#\r\n]*?|-[^\s:][^:\r\n]*?))[ \t]*:(?=[ \t\r\n]|$)/

/** The outermost keys of a YAML text that is one block mapping, as configuration files are. Throws E_CONFIG for anything else. */
function scanYaml(text: string): readonly YamlEntry[] {
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

/** A field of the item with that name; an item as a whole is not read. */
function readItem(text: string, entry: YamlEntry, name: string, field: string | undefined): unknown {
  const item = field === undefined ? undefined : itemNamed(text, entry, name)
  return item && field && fieldOf(text.slice(item.start, item.end), field)
}

/** Puts an item first in a list, or in the place of the item that has its name. */
function writeItem(text: string, key: string, name: string, fields: Readonly<Record<string, Json>>): string {
  const entry = entryOf(text, key)
  const eol = eolOf(text)
  const render = (indent: string): string =>
    Object.entries({ name, ...fields })
      .map(([field, value], i) => `${indent}${i === 0 ? '- ' : '  '}${field}: ${yamlScalar(value)}`)
      .join(eol)
  if (entry === undefined) return addLine(text, `${key}:${eol}${render('  ')}`)
  const { raw } = rawValue(text, entry)
  if (raw === '[]') {
    const open = text.indexOf('[', entry.colon)
    return putFirst(splice(text, entry.colon, open + 2, ''), entry.colon, render('  '))
  }
  if (raw !== '') throw notEditable(`"${key}" is not a list with one item a line`, lineNumber(text, entry.start))
  const own = itemNamed(text, entry, name)
  const indent = (own ?? itemsOf(text, entry)[0])?.indent ?? '  '
  if (own === undefined) return putFirst(text, entry.colon, render(indent))
  return splice(text, own.start, own.start + text.slice(own.start, own.end).trimEnd().length, render(indent))
}

/** Puts lines below the line of the list's key. */
function putFirst(text: string, colon: number, lines: string): string {
  const body = nextLine(text, colon)
  return body >= text.length ? addLine(text, lines) : splice(text, body, body, `${lines}${eolOf(text)}`)
}

/** Takes the item out; a list that is empty then stays as `[]`. */
function removeItem(text: string, entry: YamlEntry, name: string): string {
  const own = itemNamed(text, entry, name)
  if (own === undefined) return text
  const without = splice(text, own.start, own.end, '')
  return itemsOf(text, entry).length > 1 ? without : splice(without, entry.colon, entry.colon, ' []')
}

interface ItemSpan extends Span {
  readonly indent: string
}

function itemNamed(text: string, entry: YamlEntry, name: string): ItemSpan | undefined {
  return itemsOf(text, entry).find(({ start, end }) => fieldOf(text.slice(start, end), 'name') === name)
}

function itemsOf(text: string, entry: YamlEntry): readonly ItemSpan[] {
  const starts: { at: number; indent: string }[] = []
  for (let at = nextLine(text, entry.colon); at < entry.end; at = nextLine(text, at)) {
    const dash = /^([ \t]*)-(?=[ \t\r\n]|$)/.exec(text.slice(at, lineEnd(text, at)))
    if (dash !== null && (starts.length === 0 || dash[1] === starts[0]?.indent)) starts.push({ at, indent: dash[1] ?? '' })
  }
  return starts.map(({ at, indent }, i) => ({ indent, start: at, end: starts[i + 1]?.at ?? entry.end }))
}

/** A field written on a line of its own. */
function fieldOf(item: string, field: string): unknown {
  const match = new RegExp(`^[ \\t]*(?:-[ \\t]+)?${field}:[ \\t]*(.*?)[ \\t]*(?:[ \\t]#.*)?\\r?$`, 'm').exec(item)
  return match === null ? undefined : yamlValue(match[1] ?? '')
}

/** A value as YAML: plain where that is safe, else as JSON, which YAML reads too. */
function yamlScalar(value: Json): string {
  if (typeof value === 'string' && /^[A-Za-z][\w./:@-]*[\w/]$/.test(value) && !/^(true|false|yes|no|on|off|null)$/i.test(value))
    return value
  if (Array.isArray(value)) return `[${value.map(yamlScalar).join(', ')}]`
  return JSON.stringify(value)
}

/** What a value of one line means; anything but strings, numbers and booleans stays as written. */
function yamlValue(raw: string): unknown {
  return /^'.*'$/.test(raw) ? raw.slice(1, -1).replaceAll("''", "'") : jsonOrText(raw)
}
