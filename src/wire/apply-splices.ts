import type { Loss } from '../canonical/index.js'
import type { JsonPath, Splice } from './codec.js'

/**
 * The same splices on a body that the codec has just built, in place. So what a target refuses is described once, for
 * relayed bytes and for written bodies alike.
 */
export function applySplices(body: Record<string, unknown>, splices: readonly Splice[]): void {
  for (const splice of splices) apply(body, splice)
}

/** What was changed for the target's sake, as the call records it. The model's name and the usage chunk are not losses. */
export function splicesAsLosses(splices: readonly Splice[]): Loss[] {
  const losses: Loss[] = []
  for (const splice of splices) {
    const loss = asLoss(splice)
    if (loss !== null) losses.push(loss)
  }
  return losses
}

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
    case 'drop-reasoning':
      return { field: 'reasoning', why: splice.why, matters: false }
  }
}

function apply(body: Record<string, unknown>, splice: Splice): void {
  switch (splice.kind) {
    case 'model':
      body.model = splice.value
      return
    case 'limit':
      setAt(body, splice.path ?? [splice.field], splice.value)
      return
    case 'include-usage':
      body.stream_options = { ...(body.stream_options as object | undefined), include_usage: true }
      return
    case 'drop':
      removeAt(body, splice.path ?? [splice.field])
      return
    case 'rename':
      body[splice.to] = body[splice.field]
      delete body[splice.field]
      return
    case 'set':
      setAt(body, splice.path ?? [splice.field], splice.value)
      return
    case 'drop-reasoning':
      // From the back, so that earlier indices stay true.
      for (const path of [...splice.paths].reverse()) removeAt(body, path)
      return
    default:
      splice satisfies never
  }
}

function parentOf(body: Record<string, unknown>, path: JsonPath): Record<string | number, unknown> | unknown[] | undefined {
  let at: unknown = body
  for (const key of path.slice(0, -1))
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined
  return typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>) : undefined
}

function removeAt(body: Record<string, unknown>, path: JsonPath): void {
  const parent = parentOf(body, path)
  const key = path.at(-1)
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else if (parent !== undefined && key !== undefined) delete parent[key]
}

function setAt(body: Record<string, unknown>, path: JsonPath, value: unknown): void {
  const parent = parentOf(body, path)
  const key = path.at(-1)
  if (parent !== undefined && key !== undefined) (parent as Record<string | number, unknown>)[key] = value
}
