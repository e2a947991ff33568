import { Fault, isRecord, type Json, parseJson } from '../../kit/index.js'
import type { ApiAnswer } from './batch-api.js'

/** The object that an answer is. Throws E_UPSTREAM, with the answer's status, for an error or anything else. */
export function objectOf({ status, text }: ApiAnswer, what: string): Json {
  const value = parseJson(text)
  if (status >= 400 || !isRecord(value)) {
    const error = isRecord(value) ? value.error : undefined
    const told = isRecord(error) && typeof error.message === 'string' ? error.message : text.slice(0, 200)
    throw new Fault('E_UPSTREAM', `the provider refused to ${what} (${status}): ${told}`, { status: status >= 400 ? status : 502 })
  }
  return value
}

/** The objects of JSON Lines; lines that are none are left out. */
export function linesOf({ status, text }: ApiAnswer, what: string): readonly Json[] {
  if (status >= 400) throw new Fault('E_UPSTREAM', `the provider refused to ${what} (${status})`, { status })
  return text.split('\n').map(parseJson).filter(isRecord)
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
