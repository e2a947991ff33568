import type { Loss } from '../canonical/index.js'
import type { Splice } from './codec.js'
import { type EditNode, planEdits } from './edit-tree.js'
import { isRecord, type Json } from './json.js'

/**
 * The same splices on a body that the codec has just built, recorded as losses. So a target's restrictions are described once, for
 * relayed bytes and for written bodies.
 */
export function applySplices(body: Json, splices: readonly Splice[], losses: Loss[]): Json {
  for (const splice of splices) {
    const loss = asLoss(splice)
    if (loss !== null) losses.push(loss)
  }
  return edited(body, planEdits(splices, body)) as Json
}

/** What was changed for the target's sake, as the call records it. The model's name and the usage chunk are not losses. */
function asLoss(splice: Splice): Loss | null {
  switch (splice.kind) {
    case 'model':
    case 'include-usage':
    case 'rename':
      return null
    case 'limit':
      return { field: splice.field, why: `clamped to ${splice.value}`, matters: false }
    case 'drop':
    case 'set':
      return { field: splice.field, why: splice.why, matters: splice.matters ?? false }
    case 'insert':
    case 'drop-all':
      return { field: splice.field, why: splice.why, matters: false }
  }
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
