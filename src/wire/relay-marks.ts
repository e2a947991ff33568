import type { Parameter } from '../canonical/index.js'
import type { JsonPath, Splice, Target } from './codec.js'
import { isRecord, type Json } from './json.js'

/** Fields that may stand on a request, its messages, their parts and its tools, by the parameter whose refusal takes them out. */
const MARKS: Readonly<Partial<Record<Parameter, readonly string[]>>> = {
  cache_control: ['cache_control'],
  prompt_cache_options: ['prompt_cache_options', 'prompt_cache_breakpoint'],
}
/** Lists of what may be marked, each with those within its items. */
const LISTS = { messages: ['content'], input: ['content', 'output', 'tools'], tools: ['tools'], content: [], output: [] } as const
type List = keyof typeof LISTS

/** Takes out the marks for a prompt cache that this target refuses: a client wrote them for the model that it expects. */
export function markSplices(body: Json, { accepts }: Target): Splice[] {
  const names = accepts.refuses.flatMap((parameter) => MARKS[parameter] ?? [])
  const paths: JsonPath[] = []
  const path: (string | number)[] = []
  const look = (value: Json, lists: readonly List[]): void => {
    for (const name of names) if (value[name] !== undefined) paths.push([...path, name])
    for (const list of lists) {
      const items = value[list]
      if (!Array.isArray(items)) continue
      for (let i = 0; i < items.length; i++) {
        const item: unknown = items[i]
        if (!isRecord(item)) continue
        path.push(list, i)
        look(item, LISTS[list])
        path.length -= 2
      }
    }
  }
  if (names.length > 0) look(body, ['messages', 'input', 'tools'])
  return paths.length === 0 ? [] : [{ kind: 'drop-all', field: 'cache_control', why: 'this model takes no such marks for a cache', paths }]
}
