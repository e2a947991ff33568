import type { Parameter } from '../canonical/index.js'
import type { JsonPath, Splice, Target } from './codec.js'
import { isRecord, type Json, listOf } from './json.js'

/** Fields that may stand on a request, its messages, their parts and its tools, by the parameter whose refusal takes them out. */
const MARKS: Readonly<Partial<Record<Parameter, readonly string[]>>> = {
  cache_control: ['cache_control'],
  prompt_cache_options: ['prompt_cache_options', 'prompt_cache_breakpoint'],
}
const LISTS = ['messages', 'input', 'content', 'output', 'tools'] as const

/** Takes out the marks for a prompt cache that this target refuses: a client wrote them for the model that it expects. */
export function markSplices(body: Json, { accepts }: Target): Splice[] {
  const names = accepts.refuses.flatMap((parameter) => MARKS[parameter] ?? [])
  const paths: JsonPath[] = []
  const look = (value: unknown, path: JsonPath): void => {
    if (!isRecord(value)) return
    for (const name of names) if (value[name] !== undefined) paths.push([...path, name])
    for (const key of LISTS) for (const [i, item] of listOf(value[key]).entries()) look(item, [...path, key, i])
  }
  if (names.length > 0) look(body, [])
  return paths.length === 0 ? [] : [{ kind: 'drop-all', field: 'cache_control', why: 'this model takes no such marks for a cache', paths }]
}
