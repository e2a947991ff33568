/**
 * Finds the positions of values in JSON text, in order to change some and leave every other byte unchanged. The text has been parsed
 * before, so it is known to be valid; a surprise is a bug, not bad input.
 */
import { Fault } from '../kit/index.js'
import type { Splice } from './codec.js'
import type { Json } from './json.js'
import { type EditNode, planEdits } from './splices.js'

/**
 * The client's own bytes with the splices applied and every other byte unchanged: numbers, escapes, spaces, unknown fields and the order of
 * keys. Without splices it is the same Buffer. `parsed` is the value of `bytes`.
 */
export function spliceBody(bytes: Buffer, parsed: Json, splices: readonly Splice[]): Buffer {
  const root = planEdits(splices, parsed)
  if (root.below === undefined) return bytes
  const pieces: Buffer[] = []
  let from = 0
  for (const edit of findEdits(bytes, root)) {
    pieces.push(bytes.subarray(from, edit.start), Buffer.from(edit.text, 'utf8'))
    from = edit.end
  }
  pieces.push(bytes.subarray(from))
  return Buffer.concat(pieces)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The edits of bytes that carry out `root` on the JSON value in `json`, in order of place. */
function findEdits(json: Buffer, root: EditNode): Edit[] {
  const edits: Edit[] = []
  editValue(json, skipSpace(json, 0), root, edits, true)
  return edits.sort((a, b) => a.start - b.start || a.end - b.end)
}

interface Member {
  readonly start: number
  readonly end: number
  readonly dropped: boolean
}

/** Returns the place after the value. At the top level the scan stops early once every place was found. */
function editValue(json: Buffer, at: number, node: EditNode, edits: Edit[], top: boolean): number {
  if (node.replace !== undefined) {
    const end = endOfValue(json, at)
    edits.push({ start: at, end, text: JSON.stringify(node.replace.value) })
    return end
  }
  const isObject = json[at] === OPEN_OBJECT
  if (node.below === undefined || !(isObject || json[at] === OPEN_ARRAY)) return endOfValue(json, at)
  const close = isObject ? CLOSE_OBJECT : CLOSE_ARRAY
  const missing = new Set(node.below.keys())
  const members: Member[] = []
  let i = skipSpace(json, at + 1)
  for (let index = 0; json[i] !== close; index++) {
    const start = i
    let key: string | number = index
    if (isObject) {
      const keyEnd = endOfString(json, i)
      key = readKey(json, i, keyEnd)
      const rename = node.below.get(key)?.rename
      if (rename !== undefined) edits.push({ start, end: keyEnd, text: JSON.stringify(rename) })
      i = skipSpace(json, skipSpace(json, keyEnd) + 1)
    }
    const child = node.below.get(key)
    if (child?.before !== undefined) edits.push({ start, end: start, text: `${JSON.stringify(child.before.value)},` })
    const dropped = child?.drop === true
    i = child === undefined || dropped ? endOfValue(json, i) : editValue(json, i, child, edits, false)
    if (child !== undefined) missing.delete(key)
    members.push({ start, end: i, dropped })
    if (top && missing.size === 0 && !dropped) break
    i = skipSpace(json, i)
    if (json[i] === COMMA) i = skipSpace(json, i + 1)
  }
  dropMembers(members, edits)
  if (isObject) addMembers(node.below, missing, at + 1, members, edits)
  return i + 1
}

/** Takes out each run of dropped members with the comma that would be left over. */
function dropMembers(members: readonly Member[], edits: Edit[]): void {
  for (let i = 0; i < members.length; i++) {
    const first = members[i]!
    if (!first.dropped) continue
    let last = i
    while (members[last + 1]?.dropped) last++
    const before = members[i - 1]
    const after = members[last + 1]
    edits.push(
      after !== undefined
        ? { start: first.start, end: after.start, text: '' }
        : { start: before?.end ?? first.start, end: members[last]!.end, text: '' },
    )
    i = last
  }
}

function addMembers(
  below: ReadonlyMap<string | number, EditNode>,
  missing: ReadonlySet<string | number>,
  at: number,
  members: readonly Member[],
  edits: Edit[],
): void {
  const added: string[] = []
  for (const key of missing) {
    const replace = below.get(key)?.replace
    if (replace !== undefined) added.push(`${JSON.stringify(String(key))}:${JSON.stringify(replace.value)}`)
  }
  if (added.length === 0) return
  edits.push({ start: at, end: at, text: added.join(',') + (members.some((m) => !m.dropped) ? ',' : '') })
}

function readKey(json: Buffer, start: number, end: number): string {
  const raw = json.toString('utf8', start + 1, end - 1)
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
}

function skipSpace(json: Buffer, at: number): number {
  let i = at
  for (let c = json[i]; c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09; c = json[i]) i++
  return i
}

function endOfString(json: Buffer, at: number): number {
  for (let from = at + 1; ; ) {
    const quote = json.indexOf(QUOTE, from)
    if (quote === -1) throw new Fault('E_INTERNAL', 'A request body that was parsed could not be scanned.')
    let back = quote - 1
    while (json[back] === BACKSLASH) back--
    if ((quote - back) % 2 === 1) return quote + 1
    from = quote + 1
  }
}

function endOfValue(json: Buffer, at: number): number {
  const first = json[at]
  if (first === QUOTE) return endOfString(json, at)
  let i = at
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    for (; i < json.length; i++) {
      const c = json[i]!
      if (c === COMMA || c === CLOSE_OBJECT || c === CLOSE_ARRAY || c <= 0x20) break
    }
    return i
  }
  for (let depth = 0; i < json.length; ) {
    const c = json[i]
    if (c === QUOTE) {
      i = endOfString(json, i)
      continue
    }
    if (c === OPEN_OBJECT || c === OPEN_ARRAY) depth++
    else if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) {
      depth--
      if (depth === 0) return i + 1
    }
    i++
  }
  throw new Fault('E_INTERNAL', 'A request body that was parsed could not be scanned.')
}
