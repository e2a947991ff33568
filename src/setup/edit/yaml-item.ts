import { type Json, jsonOrText, notEditable, type Span } from './format.js'
import type { YamlEntry } from './scan-yaml.js'
import { addLine, eolOf, lineEnd, lineNumber, nextLine, splice } from './text-style.js'

interface NewItem {
  /** Of the list. */
  readonly key: string
  readonly name: string
  readonly fields: Readonly<Record<string, Json>>
}

/** A field of the item with that name; an item as a whole is not read. */
export function readYamlItem(text: string, entry: YamlEntry, name: string, field: string | undefined): unknown {
  const item = field === undefined ? undefined : itemNamed(text, entry, name)
  return item && field && fieldOf(text.slice(item.start, item.end), field)
}

/** Puts an item first in a list, or in the place of the item that has its name. */
export function writeYamlItem(text: string, entry: YamlEntry | undefined, { key, name, fields }: NewItem): string {
  const eol = eolOf(text)
  const render = (indent: string): string =>
    Object.entries({ name, ...fields })
      .map(([field, value], i) => `${indent}${i === 0 ? '- ' : '  '}${field}: ${yamlScalar(value)}`)
      .join(eol)
  if (entry === undefined) return addLine(text, `${key}:${eol}${render('  ')}`)
  const first = text
    .slice(entry.colon, lineEnd(text, entry.colon))
    .replace(/(^|\s)#.*$/, '')
    .trim()
  if (first === '[]') {
    const open = text.indexOf('[', entry.colon)
    return putFirst(splice(text, entry.colon, open + 2, ''), entry.colon, render('  '))
  }
  if (first !== '') throw notEditable(`"${key}" is not a list with one item a line`, lineNumber(text, entry.start))
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
export function removeYamlItem(text: string, entry: YamlEntry, name: string): string {
  const own = itemNamed(text, entry, name)
  if (own === undefined) return text
  const without = splice(text, own.start, own.end, '')
  return itemsOf(text, entry).length > 1 ? without : splice(without, entry.colon, entry.colon, ' []')
}

interface ItemSpan extends Span {
  readonly indent: string
}

/** The lines of the item that has the name. */
export function itemNamed(text: string, entry: YamlEntry, name: string): ItemSpan | undefined {
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
export function yamlScalar(value: Json): string {
  if (typeof value === 'string' && /^[A-Za-z][\w./:@-]*[\w/]$/.test(value) && !/^(true|false|yes|no|on|off|null)$/i.test(value))
    return value
  if (Array.isArray(value)) return `[${value.map(yamlScalar).join(', ')}]`
  return JSON.stringify(value)
}

/** What a value of one line means; anything but strings, numbers and booleans stays as written. */
export function yamlValue(raw: string): unknown {
  return /^'.*'$/.test(raw) ? raw.slice(1, -1).replaceAll("''", "'") : jsonOrText(raw)
}
