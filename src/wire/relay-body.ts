import type { Splice } from './codec.js'
import { type EditNode, editAt, findEdits } from './relay-scan.js'

/**
 * The client's own bytes with the splices applied and every other byte unchanged: numbers, escapes, spaces, unknown fields and the order of
 * keys. Without splices it is the same Buffer. `parsed` is the value of `bytes`.
 */
export function spliceBody(bytes: Buffer, parsed: Readonly<Record<string, unknown>>, splices: readonly Splice[]): Buffer {
  const root: EditNode = {}
  for (const splice of splices) plan(root, parsed, splice)
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

function plan(root: EditNode, parsed: Readonly<Record<string, unknown>>, splice: Splice): void {
  switch (splice.kind) {
    case 'model':
      if (parsed.model !== splice.value) editAt(root, ['model']).replace = JSON.stringify(splice.value)
      return
    case 'limit':
      editAt(root, splice.path ?? [splice.field]).replace = JSON.stringify(splice.value)
      return
    case 'include-usage':
      editAt(root, ['stream_options']).replace = JSON.stringify({ ...asObject(parsed.stream_options), include_usage: true })
      return
    case 'drop':
      editAt(root, splice.path ?? [splice.field]).drop = true
      return
    case 'rename':
      editAt(root, [splice.field]).rename = splice.to
      return
    case 'set':
      editAt(root, splice.path ?? [splice.field]).replace = JSON.stringify(splice.value)
      return
    case 'insert':
      editAt(root, splice.path).before = `${JSON.stringify(splice.value)},`
      return
    case 'drop-all':
      for (const path of splice.paths) editAt(root, path).drop = true
      return
    default:
      splice satisfies never
  }
}

function asObject(value: unknown): object {
  return value !== null && typeof value === 'object' ? value : {}
}
