import { type DocumentNode, evaluate, type MemberNode, type ObjectNode, parse, type ValueNode } from '@humanwhocodes/momoa'
import { type Change, type Json, notEditable, type Path, type Span, sameJson, type TextFormat } from './format.js'
import { eolOf, indentAt, indentUnitOf, lineEnd, lineNumber, lineStart, opensLine, splice } from './text-style.js'

/** JSON with comments, or JSON5. A new key goes to the end of its object, on a line of its own where the others have one. */
export const jsonFormat: TextFormat = {
  read(text, at) {
    const node = nodeAt(text, at)
    return node && evaluate(node)
  },

  find(text, at) {
    const node = nodeAt(text, at)
    return node && spanOf(node)
  },

  write(text, { at, value, when = 'always' }: Change) {
    if (isBlank(text)) return `${render(nest(at, value), '', '  ', eolOf(text))}${eolOf(text)}`
    const document = parseJson5(text)
    let node = document.body
    for (const [depth, key] of at.entries()) {
      if (node.type !== 'Object') {
        const name = depth === 0 ? 'the document' : `"${at.slice(0, depth).join('.')}"`
        throw notEditable(`${name} holds no object`, node.loc.start.line)
      }
      const member = memberOf(node, key)
      if (member === undefined) return insert(text, document, node, key, nest(at.slice(depth + 1), value))
      node = member.value
    }
    if (when === 'absent' || sameJson(evaluate(node), value)) return text
    const { start, end } = spanOf(node)
    return splice(text, start, end, render(value, indentAt(text, start), indentUnitOf(text), eolOf(text)))
  },

  remove(text, at) {
    if (isBlank(text)) return text
    const document = parseJson5(text)
    const parent = within(document.body, at.slice(0, -1))
    const member = parent?.type === 'Object' ? memberOf(parent, at.at(-1) ?? '') : undefined
    return parent?.type === 'Object' && member !== undefined ? cut(text, document, parent, member) : text
  },
}

/** Throws E_CONFIG naming the line. */
function parseJson5(text: string): DocumentNode {
  try {
    return parse(text, { mode: 'json5', tokens: true })
  } catch (error) {
    const { offset } = error as { readonly offset?: number }
    if (offset === undefined) throw error
    const found = text[offset]
    // Where the file ends too early, this is what stands last.
    throw notEditable(
      found === undefined ? "the file ends before its last '}'" : `this is not JSON at or after '${found}'`,
      lineNumber(text, offset),
    )
  }
}

function nodeAt(text: string, at: Path): ValueNode | undefined {
  return isBlank(text) ? undefined : within(parseJson5(text).body, at)
}

function within(root: ValueNode, at: Path): ValueNode | undefined {
  return at.reduce<ValueNode | undefined>((node, key) => (node?.type === 'Object' ? memberOf(node, key)?.value : undefined), root)
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

/** The last one wins, as in every JSON reader. */
function memberOf(object: ObjectNode, key: string): MemberNode | undefined {
  return object.members.findLast(({ name }) => (name.type === 'String' ? name.value : name.name) === key)
}

function spanOf({ loc }: Pick<ValueNode, 'loc'>): Span {
  return { start: loc.start.offset, end: loc.end.offset }
}

/** One past the comma that follows a member; undefined when none does. */
function pastComma({ tokens = [] }: DocumentNode, member: MemberNode): number | undefined {
  const next = tokens.find(({ type, loc }) => loc.start.offset >= member.loc.end.offset && !type.endsWith('Comment'))
  return next?.type === 'Comma' ? next.loc.end.offset : undefined
}

function nest(path: Path, value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
}

function render(value: Json, indent: string, unit: string, eol: string): string {
  return JSON.stringify(value, null, unit).split('\n').join(`${eol}${indent}`)
}

function insert(text: string, document: DocumentNode, object: ObjectNode, key: string, value: Json): string {
  const last = object.members.at(-1)
  if (last === undefined) return insertFirst(text, object, key, value)
  const { start, end } = spanOf(last)
  const comma = pastComma(document, last)
  const after = comma ?? end
  if (!opensLine(text, start)) {
    const property = `${JSON.stringify(key)}: ${JSON.stringify(value)}`
    return splice(text, after, after, comma === undefined ? `, ${property}` : ` ${property},`)
  }
  const indent = indentAt(text, start)
  const property = `${eolOf(text)}${indent}${JSON.stringify(key)}: ${render(value, indent, indentUnitOf(text), eolOf(text))}`
  const place = endOfRemark(text, after)
  const added = splice(text, place, place, comma === undefined ? property : `${property},`)
  return comma === undefined ? splice(added, after, after, ',') : added
}

function insertFirst(text: string, object: ObjectNode, key: string, value: Json): string {
  const { start, end } = spanOf(object)
  const inner = text.slice(start + 1, end - 1)
  const base = indentAt(text, start)
  const unit = indentUnitOf(text)
  const eol = eolOf(text)
  const property = `${JSON.stringify(key)}: ${render(value, base + unit, unit, eol)}`
  // Comments inside an empty object stay in front.
  return splice(text, start + 1 + inner.trimEnd().length, end - 1, `${eol}${base}${unit}${property}${eol}${base}`)
}

function cut(text: string, document: DocumentNode, object: ObjectNode, member: MemberNode): string {
  const span = spanOf(member)
  const comma = pastComma(document, member)
  const closing = comma ?? span.end
  const wholeLines = opensLine(text, span.start)
  const start = wholeLines ? lineStart(text, span.start) - eolBefore(text, span.start) : span.start
  const without = splice(text, start, wholeLines ? endOfRemark(text, closing) : closing, '')
  // The last one takes the comma before it along, unless the file likes commas at the end.
  const before = comma === undefined ? object.members[object.members.indexOf(member) - 1] : undefined
  const dangling = before && pastComma(document, before)
  return dangling === undefined ? without : splice(without, dangling - 1, dangling, '')
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
