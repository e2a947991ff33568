import { fillSchema } from '../../../src/upstream/sandbox/fill-schema.js'

/** A tool that the model may call. */
export interface Offered {
  readonly name: string
  readonly schema: unknown
}

/** What a request asks of the model, the same for every vendor. */
export interface Asked {
  /** Name of the model that answers. */
  readonly model: string
  /** Text of the last message of the user. */
  readonly text: string
  /** Tool results that the conversation ends with. */
  readonly results: readonly string[]
  readonly tools: readonly Offered[]
  /** The name of the tool that must be called, where one must. */
  readonly choice: 'auto' | 'none' | 'required' | { readonly name: string }
  /** Schema of the answer; `true` for any JSON. */
  readonly schema: unknown
  readonly thinks: boolean
  readonly stop: readonly string[]
  readonly limit: number | null
}

export interface Said {
  readonly thinking: string | null
  readonly text: string
  readonly calls: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[]
  readonly end: 'stop' | 'length' | 'calls' | 'refusal' | { readonly stop: string }
}

export const GREETING = 'Grüße 🌍 aus dem Test: 42 is the answer.'
export const THINKING = 'Let me think: 6 × 7 … 🤔'

/** Names under which coding agents offer their shell. */
const SHELL = /weather|^(bash|shell|exec_command|shell_command|run_shell_command|run_commands|local_shell)$/i

/** A model without a mind: words in «» are arguments of a call, one call each. */
export function think(asked: Asked): Said {
  const thinking = asked.thinks ? THINKING : null
  if (asked.text.includes('refuse this')) return { thinking, text: 'I cannot help with that.', calls: [], end: 'refusal' }
  if (asked.results.length > 0) return { thinking, ...cut(`The tools said: ${asked.results.join(' | ')}`, asked) }
  const tool = chooseTool(asked)
  if (tool !== undefined) {
    const words = [...asked.text.matchAll(/«([^»]*)»/g)].map((m) => m[1] ?? '')
    const calls = (words.length > 0 ? words : ['Paris']).map((word) => ({ name: tool.name, args: argsFor(tool.schema, word) }))
    return { thinking, text: asked.text.includes('say so') ? 'I will look.' : '', calls, end: 'calls' }
  }
  if (asked.schema !== undefined)
    return { thinking, ...cut(JSON.stringify(asked.schema === true ? { ok: true } : fillSchema(asked.schema, 'Paris')), asked) }
  return { thinking, ...cut(GREETING, asked) }
}

function cut(text: string, { stop, limit }: Asked): Pick<Said, 'text' | 'calls' | 'end'> {
  for (const word of stop) {
    const at = text.indexOf(word)
    if (at >= 0) return { text: text.slice(0, at), calls: [], end: { stop: word } }
  }
  if (limit !== null && limit < text.length / 8) return { text: text.slice(0, limit * 2), calls: [], end: 'length' }
  return { text, calls: [], end: 'stop' }
}

function chooseTool({ tools, choice, text }: Asked): Offered | undefined {
  if (choice === 'none') return undefined
  if (typeof choice === 'object') return tools.find((t) => t.name === choice.name)
  return choice === 'required' || text.includes('«') ? (tools.find((t) => SHELL.test(t.name)) ?? tools[0]) : undefined
}

/** The smallest arguments that the schema allows, with `word` in the property that says what to do. */
function argsFor(schema: unknown, word: string): Readonly<Record<string, unknown>> {
  const args = { ...(fillSchema(schema, word) as Readonly<Record<string, unknown>>) }
  const properties = ((schema as { readonly properties?: unknown }).properties ?? {}) as Readonly<
    Record<string, { readonly type?: unknown }>
  >
  for (const name of ['command', 'cmd', 'commands']) {
    if (properties[name] === undefined) continue
    args[name] = properties[name].type === 'array' ? ['bash', '-lc', word] : word
  }
  return args
}
