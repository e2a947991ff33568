import type { JsonPath, Splice } from './codec.js'
import { type Json, recordOf } from './json.js'

/** What to do with the value at a place, and with those below it. Places are those before any edit. */
export interface EditNode {
  drop?: boolean
  /** The new value; it is added to its object when the key is absent. */
  replace?: { readonly value: unknown }
  rename?: string
  /** A value put in before the item of an array. */
  before?: { readonly value: unknown }
  below?: Map<string | number, EditNode>
}

/** Splices of a body by place; an empty node where they change nothing. */
export function planEdits(splices: readonly Splice[], body: Json): EditNode {
  const root: EditNode = {}
  for (const splice of splices) addSplice(root, body, splice)
  return root
}

function addSplice(root: EditNode, parsed: Json, splice: Splice): void {
  switch (splice.kind) {
    case 'model':
      if (parsed.model !== splice.value) editAt(root, ['model']).replace = { value: splice.value }
      return
    case 'limit':
      editAt(root, splice.path ?? [splice.field]).replace = { value: splice.value }
      return
    case 'include-usage':
      editAt(root, ['stream_options']).replace = { value: { ...recordOf(parsed.stream_options), include_usage: true } }
      return
    case 'drop':
      editAt(root, splice.path ?? [splice.field]).drop = true
      return
    case 'rename':
      editAt(root, [splice.field]).rename = splice.to
      return
    case 'set':
      editAt(root, splice.path ?? [splice.field]).replace = { value: splice.value }
      return
    case 'insert':
      editAt(root, splice.path).before = { value: splice.value }
      return
    case 'drop-all':
      for (const path of splice.paths) editAt(root, path).drop = true
      return
    default:
      splice satisfies never
  }
}

/** The node at `path`, made where it is missing. */
function editAt(root: EditNode, path: JsonPath): EditNode {
  let node = root
  for (const key of path) {
    node.below ??= new Map()
    let next = node.below.get(key)
    if (next === undefined) {
      next = {}
      node.below.set(key, next)
    }
    node = next
  }
  return node
}
