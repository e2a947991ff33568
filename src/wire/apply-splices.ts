import type { Loss } from '../canonical/index.js'
import type { JsonPath, Splice } from './codec.js'

/**
 * The same splices on a body that the codec has just built, in place, recorded as losses. So a target's restrictions are described once, for
 * relayed bytes and for written bodies.
 */
export function applySplices(body: Record<string, unknown>, splices: readonly Splice[], losses: Loss[]): void {
  const moves: Move[] = []
  for (const splice of splices) {
    apply(body, splice, moves)
    const loss = asLoss(splice)
    if (loss !== null) losses.push(loss)
  }
  // Paths refer to the body before any change, so what moves the items of arrays comes last, from the back.
  for (const move of moves.sort((a, b) => fromBack(a.path, b.path))) moveAt(body, move)
}

/** The value at `path` is taken out, or `insert` is put in before it. */
interface Move {
  readonly path: JsonPath
  readonly insert?: readonly [value: unknown]
}

function fromBack(a: JsonPath, b: JsonPath): number {
  for (const [i, key] of a.entries()) {
    const other = b[i]
    if (other === undefined) return -1
    if (key === other) continue
    return typeof key === 'number' && typeof other === 'number' ? other - key : String(key) < String(other) ? -1 : 1
  }
  return b.length - a.length
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

function apply(body: Record<string, unknown>, splice: Splice, moves: Move[]): void {
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
      moves.push({ path: splice.path ?? [splice.field] })
      return
    case 'rename':
      body[splice.to] = body[splice.field]
      delete body[splice.field]
      return
    case 'set':
      setAt(body, splice.path ?? [splice.field], splice.value)
      return
    case 'drop-all':
      moves.push(...splice.paths.map((path) => ({ path })))
      return
    case 'insert':
      moves.push({ path: splice.path, insert: [splice.value] })
      return
    default:
      splice satisfies never
  }
}

/** Containers on the way are copied: parts of the body may be the client's own parsed values. */
function moveAt(body: Record<string, unknown>, { path, insert }: Move): void {
  editIn(body, path, (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), insert === undefined ? 1 : 0, ...(insert ?? []))
    else delete (parent as Record<string | number, unknown>)[key]
  })
}

function setAt(body: Record<string, unknown>, path: JsonPath, value: unknown): void {
  editIn(body, path, (parent, key) => {
    ;(parent as Record<string | number, unknown>)[key] = value
  })
}

function editIn(body: Record<string, unknown>, path: JsonPath, edit: (parent: object, key: string | number) => void): void {
  let at: object = body
  for (const [depth, key] of path.entries()) {
    if (depth === path.length - 1) {
      edit(at, key)
      return
    }
    const child = (at as Record<string | number, unknown>)[key]
    if (typeof child !== 'object' || child === null) return
    const copy: object = Array.isArray(child) ? [...(child as unknown[])] : { ...child }
    ;(at as Record<string | number, unknown>)[key] = copy
    at = copy
  }
}
