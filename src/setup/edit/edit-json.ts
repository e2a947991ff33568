import { type Change, type Json, notEditable, type Path, sameJson, type TextFormat } from './format.js'
import { type JsonEntry, type JsonNode, jsonValue, scanJson, skipBlank } from './scan-json.js'
import { eolOf, indentAt, indentUnitOf, lineEnd, lineNumber, lineStart, opensLine, splice } from './text-style.js'

type ObjectNode = Extract<JsonNode, { kind: 'object' }>

/** JSON with comments. A new key goes to the end of its object, on a line of its own where the others have one. */
export const jsonFormat: TextFormat = {
  read(text, at) {
    const node = nodeAt(text, at)
    return node && jsonValue(node)
  },

  find: nodeAt,

  write(text, { at, value, when = 'always' }: Change) {
    if (isBlank(text)) return `${render(nest(at, value), '', '  ', eolOf(text))}${eolOf(text)}`
    let node = scanJson(text)
    for (const [depth, key] of at.entries()) {
      if (node.kind !== 'object') {
        const name = depth === 0 ? 'the document' : `"${at.slice(0, depth).join('.')}"`
        throw notEditable(`${name} holds no object`, lineNumber(text, node.start))
      }
      const entry = entryOf(node, key)
      if (entry === undefined) return insert(text, node, key, nest(at.slice(depth + 1), value))
      node = entry.value
    }
    if (when === 'absent' || sameJson(jsonValue(node), value)) return text
    return splice(text, node.start, node.end, render(value, indentAt(text, node.start), indentUnitOf(text), eolOf(text)))
  },

  remove(text, at) {
    if (isBlank(text)) return text
    const parent = nodeAt(text, at.slice(0, -1))
    const entry = parent?.kind === 'object' ? entryOf(parent, at.at(-1) ?? '') : undefined
    return parent?.kind === 'object' && entry !== undefined ? cut(text, parent, entry) : text
  },
}

function nodeAt(text: string, at: Path): JsonNode | undefined {
  if (isBlank(text)) return undefined
  return at.reduce<JsonNode | undefined>((node, key) => (node?.kind === 'object' ? entryOf(node, key)?.value : undefined), scanJson(text))
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

/** The last one wins, as in every JSON reader. */
function entryOf(node: ObjectNode, key: string): JsonEntry | undefined {
  return node.entries.findLast((entry) => entry.key === key)
}

function nest(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
}

function render(value: Json, indent: string, unit: string, eol: string): string {
  return JSON.stringify(value, null, unit).split('\n').join(`${eol}${indent}`)
}

function insert(text: string, object: ObjectNode, key: string, value: Json): string {
  const last = object.entries.at(-1)
  if (last === undefined) return insertFirst(text, object, key, value)
  const comma = skipBlank(text, last.value.end)
  const trailing = text[comma] === ','
  const after = trailing ? comma + 1 : last.value.end
  if (!opensLine(text, last.start)) {
    const property = `${JSON.stringify(key)}: ${JSON.stringify(value)}`
    return splice(text, after, after, trailing ? ` ${property},` : `, ${property}`)
  }
  const indent = indentAt(text, last.start)
  const property = `${eolOf(text)}${indent}${JSON.stringify(key)}: ${render(value, indent, indentUnitOf(text), eolOf(text))}`
  const place = endOfRemark(text, after)
  const added = splice(text, place, place, trailing ? `${property},` : property)
  return trailing ? added : splice(added, after, after, ',')
}

function insertFirst(text: string, object: ObjectNode, key: string, value: Json): string {
  const inner = text.slice(object.start + 1, object.end - 1)
  const base = indentAt(text, object.start)
  const unit = indentUnitOf(text)
  const eol = eolOf(text)
  const property = `${JSON.stringify(key)}: ${render(value, base + unit, unit, eol)}`
  // Comments inside an empty object stay in front.
  return splice(text, object.start + 1 + inner.trimEnd().length, object.end - 1, `${eol}${base}${unit}${property}${eol}${base}`)
}

function cut(text: string, object: ObjectNode, entry: JsonEntry): string {
  const place = object.entries.indexOf(entry)
  const comma = skipBlank(text, entry.value.end)
  const closing = text[comma] === ',' ? comma + 1 : entry.value.end
  const start = opensLine(text, entry.start) ? lineStart(text, entry.start) - eolBefore(text, entry.start) : entry.start
  const end = opensLine(text, entry.start) ? endOfRemark(text, closing) : closing
  const before = object.entries[place - 1]
  // The last one takes the comma before it along, unless the file likes commas at the end.
  const last = before !== undefined && place === object.entries.length - 1 && text[comma] !== ','
  const without = splice(text, start, end, '')
  return last ? dropComma(without, before.value.end) : without
}

function dropComma(text: string, at: number): string {
  const comma = skipBlank(text, at)
  return text[comma] === ',' ? splice(text, comma, comma + 1, '') : text
}

/** Length of the line end before the line of `at`. */
function eolBefore(text: string, at: number): number {
  const start = lineStart(text, at)
  return start === 0 ? 0 : text[start - 2] === '\r' ? 2 : 1
}

/** End of the line of `at` when only a comment follows there; `at` itself when something else does. */
function endOfRemark(text: string, at: number): number {
  const end = lineEnd(text, at)
  const rest = text.slice(at, end)
  return /^\s*(\/\/.*|\/\*((?!\*\/).)*\*\/\s*)?$/.test(rest) ? end : at
}
