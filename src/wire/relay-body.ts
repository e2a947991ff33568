import type { Splice } from './codec.js'
import { planEdits } from './edit-tree.js'
import { findEdits } from './relay-scan.js'

/**
 * The client's own bytes with the splices applied and every other byte unchanged: numbers, escapes, spaces, unknown fields and the order of
 * keys. Without splices it is the same Buffer. `parsed` is the value of `bytes`.
 */
export function spliceBody(bytes: Buffer, parsed: Readonly<Record<string, unknown>>, splices: readonly Splice[]): Buffer {
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
