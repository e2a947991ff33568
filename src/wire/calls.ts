/** Arguments of calls, which formats spell as JSON text, as an object or as free text, and ids of calls. */
import { wellFormedJson } from '../kit/index.js'
import { isRecord, type Json, parseJson } from './json.js'

/**
 * Free-text tool calls against the neutral `{"input": "…"}`. A stream brings either in pieces, so both directions work on
 * pieces; a piece may end inside an escape.
 */
export function wrapText(text: string): string {
  return JSON.stringify({ input: text })
}

/** The text of a complete call; arguments of another shape are passed on unchanged. */
export function unwrapText(args: string): string {
  const value = parseJson(args)
  return isRecord(value) && typeof value.input === 'string' ? value.input : args
}

export const WRAP_START = '{"input":"'
export const WRAP_END = '"}'

/** A piece of free text as a piece of JSON string. */
export function wrapPiece(piece: string): string {
  return JSON.stringify(piece).slice(1, -1)
}

/** Arguments as the object that Anthropic and Google require; text that is not a JSON object is kept completely under one name. */
export function argsObject(args: string): Json {
  if (args.trim() === '') return {}
  const value = parseJson(wellFormedJson(args))
  return isRecord(value) ? value : { arguments: value ?? args }
}

/** Ids under which calls are sent, and their results. */
export interface CallIds {
  call(asked: string): string
  /** Of several calls that share the id, the first without a result; null where no call has it. */
  result(asked: string): string | null
}

/** Vendors refuse an id that two calls have, which some servers count from 0 in every answer. `fresh`: the id of the next call. */
export function callIds(fresh: (asked: string) => string): CallIds {
  const calls = new Map<string, { readonly open: string[]; last: string }>()
  return {
    call(asked) {
      const id = fresh(asked)
      const known = calls.get(asked)
      if (known === undefined) calls.set(asked, { open: [id], last: id })
      else known.open.push(id)
      return id
    },
    result(asked) {
      const known = calls.get(asked)
      if (known === undefined) return null
      known.last = known.open.shift() ?? known.last
      return known.last
    },
  }
}

/** The id, or with a number behind it if it is among those `used`, which it joins. */
export function unusedId(base: string, used: Set<string>): string {
  let id = base
  for (let n = 2; used.has(id); n++) id = `${base.slice(0, 60)}_${n}`
  used.add(id)
  return id
}

/** The id of a call in no more than `longest` characters: its beginning and its end, which tell ids of one conversation apart. */
export function fitCallId(id: string, longest: number): string {
  return id.length <= longest ? id : `${id.slice(0, longest / 2 - 1)}_${id.slice(-longest / 2)}`
}
