import type { Loss } from '../canonical/index.js'
import { entry } from '../kit/index.js'
import type { JsonPath, Splice } from './codec.js'
import { isRecord, type Json, recordOf } from './json.js'
import { lose } from './losses.js'

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
    node = entry(node.below, key, (): EditNode => ({}))
  }
  return node
}

/**
 * The same splices on a body that the codec has just built, recorded as losses. So a target's restrictions are described once, for
 * relayed bytes and for written bodies.
 */
export function applySplices(body: Json, splices: readonly Splice[], losses: Loss[]): Json {
  for (const splice of splices) recordLoss(splice, losses)
  return edited(body, planEdits(splices, body)) as Json
}

/** What was changed for the target's sake, as the call records it. The model's name and the usage chunk are not losses. */
function recordLoss(splice: Splice, losses: Loss[]): void {
  if (splice.kind === 'model' || splice.kind === 'include-usage' || splice.kind === 'rename') return
  if (splice.kind === 'limit') lose(losses, splice.field, `clamped to ${splice.value}`)
  else lose(losses, splice.field, splice.why, 'matters' in splice && splice.matters)
}

/** Containers on the way are copied: parts of the body may be the client's own parsed values. */
function edited(value: unknown, { replace, below }: EditNode): unknown {
  if (replace !== undefined) return replace.value
  if (below === undefined) return value
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, i): unknown[] => {
      const node = below.get(i)
      if (node === undefined) return [item]
      const before = node.before === undefined ? [] : [node.before.value]
      return node.drop ? before : [...before, edited(item, node)]
    })
  }
  if (!isRecord(value)) return value
  const copy: Record<string, unknown> = { ...value }
  for (const [key, node] of below) {
    const after = edited(copy[key], node)
    if (node.drop || node.rename !== undefined) delete copy[key]
    if (!node.drop && after !== undefined) copy[node.rename ?? key] = after
  }
  return copy
}
