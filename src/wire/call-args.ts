/** Arguments of calls, which formats spell as JSON text, as an object or as free text. */
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
