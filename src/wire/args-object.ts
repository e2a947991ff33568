import { wellFormedJson } from '../kit/index.js'
import { isRecord, type Json, parseJson } from './json.js'

/** Arguments as the object that Anthropic and Google require; text that is not a JSON object is kept completely under one name. */
export function argsObject(args: string): Json {
  if (args.trim() === '') return {}
  const value = parseJson(wellFormedJson(args))
  return isRecord(value) ? value : { arguments: value ?? args }
}
