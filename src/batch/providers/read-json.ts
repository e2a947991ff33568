import { Fault } from '../../kit/index.js'
import type { ApiAnswer } from './batch-api.js'

export type Json = Readonly<Record<string, unknown>>

/** The object that an answer is. Throws E_UPSTREAM, with the answer's status, for an error or anything else. */
export function objectOf({ status, text }: ApiAnswer, what: string): Json {
  const value = parse(text)
  if (status >= 400 || value === null) {
    const { error } = value ?? {}
    const told = isJson(error) && typeof error.message === 'string' ? error.message : text.slice(0, 200)
    throw new Fault('E_UPSTREAM', `the provider refused to ${what} (${status}): ${told}`, { status: status >= 400 ? status : 502 })
  }
  return value
}

/** The objects of JSON Lines; lines that are none are left out. */
export function linesOf({ status, text }: ApiAnswer, what: string): readonly Json[] {
  if (status >= 400) throw new Fault('E_UPSTREAM', `the provider refused to ${what} (${status})`, { status })
  return text
    .split('\n')
    .map(parse)
    .filter((line) => line !== null)
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function recordsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return isJson(value) ? value : null
  } catch {
    return null
  }
}
