import { type Document, isCollection, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, stringify } from 'yaml'
import { type Change, type Json, notEditable, type Span, sameJson, type TextFormat } from './format.js'
import { addLine, eolOf, indentAt, lineEnd, lineNumber, lineStart, nextLine, splice } from './text-style.js'

/** YAML whose outermost level is a plain mapping. Values of one line are replaced; items of a list are known by their name. */
export const yamlFormat: TextFormat = {
  read(text, [key, item, field]) {
    const entry = entryOf(text, key)
    if (item === undefined) return entry?.value?.toJS(entry.document)
    const own = entry && itemNamed(text, entry, item)?.node
    return isMap(own) && field !== undefined ? own.get(field) : undefined
  },

  /** With the space before it, so that nothing at all can be put back. */
  find(text, [key, item]) {
    const entry = entryOf(text, key)
    if (entry === undefined) return undefined
    return item === undefined ? { start: entry.colon, end: valueEnd(entry) } : itemNamed(text, entry, item)
  },

  write(text, { at: [key = '', item], value, when = 'always' }: Change) {
    if (item !== undefined) return writeItem(text, key, item, value as Readonly<Record<string, Json>>)
    const entry = entryOf(text, key)
    if (entry === undefined) return addLine(text, `${keyIndent(text)}${key}: ${inOneLine(value)}`)
    if (when === 'absent' || sameJson(entry.value?.toJS(entry.document), value)) return text
    const end = valueEnd(entry)
    const written = text.slice(entry.colon, end)
    const raw = written.trimStart()
    const isPlain = entry.value === null || (isScalar(entry.value) && !/^[|>&!]/.test(raw) && !written.includes('\n'))
    if (!isPlain) throw notEditable(`"${key}" holds more than one plain value`, lineNumber(text, entry.start))
    return splice(text, end - raw.length, end, raw === '' ? ` ${inOneLine(value)}` : inOneLine(value))
  },

  remove(text, [key, item]) {
    const entry = entryOf(text, key)
    if (entry === undefined) return text
    return item === undefined ? splice(text, entry.start, entry.end, '') : removeItem(text, entry, item)
  },
}

/** A key of the outermost mapping. */
interface YamlEntry {
  readonly document: Document
  readonly key: string
  readonly start: number
  /** One past the colon. */
  readonly colon: number
  /** Null where nothing is written. */
  readonly value: Node | null
  /** Start of the next entry, or of the comments above it; end of the text for the last. */
  readonly end: number
}

/** The last one wins, as in most YAML readers. */
function entryOf(text: string, key: string | undefined): YamlEntry | undefined {
  return entriesOf(text).findLast((entry) => entry.key === key)
}

/** The outermost keys of a YAML text that is one block mapping, as configuration files are. Throws E_CONFIG for anything else. */
function entriesOf(text: string): readonly YamlEntry[] {
  const document = parseDocument(text, { keepSourceTokens: true, uniqueKeys: false, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined)
    throw notEditable(error.code === 'MULTIPLE_DOCS' ? 'there is a second document' : error.message, lineNumber(text, error.pos[0]))
  try {
    document.toJS({ mapAsMap: true })
  } catch (error) {
    // An alias of nothing.
    throw notEditable((error as Error).message)
  }
  const { contents } = document
  if (isNothing(contents)) return []
  if (!isMap<Node, Node | null>(contents) || contents.flow || document.directives?.docEnd)
    throw notEditable('this is no plain list of keys', lineNumber(text, contents.range?.[0] ?? 0))
  const found = contents.items.map((pair) => ({ ...placeOf(text, pair), value: isNothing(pair.value) ? null : pair.value }))
  return found.map((entry, i) => ({
    ...entry,
    document,
    end: beforeComments(text, entry.colon, found[i + 1]?.start ?? text.length),
  }))
}

function placeOf(text: string, { key, srcToken }: Pair<Node, Node | null>): Pick<YamlEntry, 'key' | 'start' | 'colon'> {
  const at = key.range?.[0] ?? 0
  const colon = srcToken?.sep?.find(({ type }) => type === 'map-value-ind')?.offset
  if (!isScalar(key) || colon === undefined || colon > lineEnd(text, at)) throw notEditable('this is no plain key', lineNumber(text, at))
  return { key: String(key.value), start: lineStart(text, at), colon: colon + 1 }
}

/** True where a value could stand and none does. */
function isNothing(node: Node | null): node is null {
  return node === null || (isScalar(node) && node.range?.[0] === node.range?.[1] && !node.anchor && !node.tag)
}

/** End of what stands behind the colon; the colon where that is nothing or a block below it. */
function valueEnd({ value, colon }: YamlEntry): number {
  const [, end] = value?.range ?? [colon, colon]
  return value === null || (isCollection(value) && !value.flow) ? colon : end
}

/** White space that the outermost keys stand behind. */
function keyIndent(text: string): string {
  const [first] = entriesOf(text)
  return first === undefined ? '' : (/^[ \t]*/.exec(text.slice(first.start))?.[0] ?? '')
}

/** Blank lines and unindented comments at the end of an entry belong to what follows. */
function beforeComments(text: string, from: number, to: number): number {
  const block = text.slice(from, to)
  const tail = /(?:\n|^)((?:[ \t]*\r?\n|#[^\n]*(?:\n|$))+)$/.exec(block)
  return tail?.[1] === undefined ? to : to - tail[1].length
}

/** Puts an item first in a list, or in the place of the item that has its name. */
function writeItem(text: string, key: string, name: string, fields: Readonly<Record<string, Json>>): string {
  const entry = entryOf(text, key)
  const render = (indent: string): string =>
    Object.entries({ name, ...fields })
      .map(([field, value], i) => `${indent}${i === 0 ? '- ' : '  '}${field}: ${inOneLine(value)}`)
      .join(eolOf(text))
  if (entry === undefined) {
    const indent = keyIndent(text)
    return addLine(text, `${indent}${key}:${eolOf(text)}${render(`${indent}  `)}`)
  }
  const { value, colon, start } = entry
  const isList = value === null || (isSeq(value) && (!value.flow || value.items.length === 0))
  if (!isList) throw notEditable(`"${key}" is not a list with one item a line`, lineNumber(text, start))
  const own = itemNamed(text, entry, name)
  const indent = (own ?? itemsOf(text, entry)[0])?.indent ?? `${keyIndent(text)}  `
  if (own !== undefined) return splice(text, own.start, own.start + text.slice(own.start, own.end).trimEnd().length, render(indent))
  return putFirst(splice(text, colon, valueEnd(entry), ''), colon, render(indent))
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

/** An item of a list that has one a line, with its lines. */
interface YamlItem extends Span {
  readonly indent: string
  readonly node: Node | undefined
}

function itemNamed(text: string, entry: YamlEntry, name: string): YamlItem | undefined {
  return itemsOf(text, entry).find(({ node }) => isMap(node) && node.get('name') === name)
}

function itemsOf(text: string, { value, end }: YamlEntry): readonly YamlItem[] {
  if (!isSeq<Node>(value) || value.srcToken?.type !== 'block-seq') return []
  const lines = value.srcToken.items.flatMap(({ start }) => {
    const dash = start.find(({ type }) => type === 'seq-item-ind')?.offset
    return dash === undefined ? [] : [{ dash, comments: lineStart(text, start[0]?.offset ?? dash) }]
  })
  return lines.map(({ dash }, i) => ({
    node: value.items[i],
    indent: indentAt(text, dash),
    start: lineStart(text, dash),
    // Comments above the next one are about that.
    end: lines[i + 1]?.comments ?? end,
  }))
}

/** A value as YAML of any version, in one line. */
function inOneLine(value: Json): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0, compat: 'yaml-1.1' }).trimEnd()
}
