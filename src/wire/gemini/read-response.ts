import type { Extra, Part } from '../../canonical/index.js'
import { type Json, leftover, mayString, needArray, needRecord, needString, present } from '../json.js'
import { spelled } from '../spelling.js'
import type { CallIds } from './read-part.js'

const KNOWN = new Set(['id', 'name', 'response', 'parts'])
/** Where clients put the words of a result; the first two are the vendor's own names. */
const WORDS = ['output', 'error', 'content', 'result'] as const

type ReadPart = (part: Json, path: string, ids: CallIds) => Part

/** A function response: an object, of which other formats take the words. The object itself is kept unless it is only words. */
export function readResponse(value: Json, outer: Extra | undefined, path: string, ids: CallIds, readPart: ReadPart): Part {
  const name = needString(value.name, `${path}.name`)
  const id = mayString(value.id, `${path}.id`)
  const marks: `~${string}`[] = id === undefined ? ['~noid'] : []
  const kept: Record<string, unknown> = { ...leftover(value, KNOWN) }
  const parts: Part[] = []
  let isError = false
  if (value.response !== undefined && value.response !== null) {
    const response = needRecord(value.response, `${path}.response`)
    const key = WORDS.find((word) => typeof response[word] === 'string')
    isError = key === 'error'
    parts.push({ type: 'text', text: key === undefined ? JSON.stringify(response) : String(response[key]) })
    const isWords = Object.keys(response).length === 1 && (key === 'output' || key === 'error')
    if (!isWords) kept.response = response
  }
  const media = value.parts === undefined || value.parts === null ? undefined : needArray(value.parts, `${path}.parts`)
  for (const [i, part] of (media ?? []).entries()) parts.push(readPart(needRecord(part, `${path}.parts.${i}`), `${path}.parts.${i}`, ids))
  if (media?.length === 0) kept.parts = media
  const extra = Object.keys(kept).length === 0 ? outer : { ...outer, functionResponse: kept }
  return {
    type: 'tool-result',
    callId: ids.response(name, id),
    name,
    parts,
    ...present({ isError: isError || undefined, extra: spelled(extra, ...marks) }),
  }
}
