import { type JsonPath, type Splice, setAt, type Target } from '../codec.js'
import { isRecord, type Json, listOf } from '../json.js'
import { keepsSignature, NOBODYS_SIGNATURE } from '../target.js'
import { spelledKey } from './camel-case.js'

/** Models that think by level refuse an open tool loop without signatures. */
export function signatureSplices(body: Json, target: Target): readonly Splice[] {
  const contents = listOf(body.contents)
  const needed = target.accepts.thinking === 'effort' ? firstCallsOfOpenLoop(contents) : new Set<unknown>()
  const foreign: JsonPath[] = []
  const splices: Splice[] = []
  for (const [i, content] of contents.entries()) {
    if (!isRecord(content) || content.role !== 'model') continue
    for (const [j, part] of listOf(content.parts).entries()) {
      if (!isRecord(part)) continue
      const key = spelledKey(part, 'thoughtSignature')
      const signed = typeof part[key] === 'string' && part[key] !== ''
      if (part[key] === NOBODYS_SIGNATURE || (signed && keepsSignature(target, part[key]))) continue
      const path: JsonPath = ['contents', i, 'parts', j, key]
      if (needed.has(part)) {
        splices.push(setAt(path, NOBODYS_SIGNATURE, 'The model refuses calls without a signature; this one was not made by it.'))
      } else if (part[key] !== undefined) foreign.push(path)
    }
  }
  if (foreign.length > 0)
    splices.push({ kind: 'drop-all', field: 'reasoning', why: 'Only the model that signed this reasoning can read it.', paths: foreign })
  return splices
}

function holds(part: unknown, name: string): boolean {
  return isRecord(part) && isRecord(part[spelledKey(part, name)])
}

/** The first call of each turn since the user last spoke: the one that carries the signature. */
function firstCallsOfOpenLoop(contents: readonly unknown[]): ReadonlySet<unknown> {
  const first = new Set<unknown>()
  for (const content of contents.toReversed()) {
    if (!isRecord(content)) continue
    const parts = listOf(content.parts)
    if (content.role === 'model') {
      const call = parts.find((part) => holds(part, 'functionCall'))
      if (call !== undefined) first.add(call)
    } else if (!parts.some((part) => holds(part, 'functionResponse'))) break
  }
  return first
}
