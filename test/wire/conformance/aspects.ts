import type { Message, Part, Request, Tool } from '../../../src/canonical/index.js'
import { readGrammarTool } from '../../../src/wire/vendor-tools.js'

/** What a request says, apart from how a format says it; each aspect is compared by itself. */
export type Aspect =
  | 'turns'
  | 'detail'
  | 'filename'
  | 'isError'
  | 'name'
  | 'cache'
  | 'tools'
  | 'grammar'
  | 'search'
  | 'strict'
  | 'toolChoice'
  | 'parallel'
  | 'output'
  | 'limit'
  | 'stream'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'stop'
  | 'penalties'
  | 'seed'
  | 'logprobs'
  | 'logitBias'
  | 'n'
  | 'effort'
  | 'budget'

export type Aspects = Partial<Record<Aspect, unknown>>

/** The aspects of a request that says anything about them. */
export function aspectsOf(request: Request): Aspects {
  const parts = request.messages.flatMap((message) => [...partsOf(message.parts)])
  const { sampling: s, tools } = request
  return dropEmpty({
    turns: turnsOf(request.messages),
    detail: parts.flatMap((p) => (p.type === 'image' && p.detail !== undefined && p.detail !== 'auto' ? [p.detail] : [])),
    filename: parts.flatMap((p) => (p.type === 'file' && p.filename !== undefined && !/^file\./.test(p.filename) ? [p.filename] : [])),
    isError: parts.flatMap((p) => (p.type === 'tool-result' && p.isError === true ? [p.callId] : [])),
    name: request.messages.flatMap((m) => (m.name === undefined ? [] : [m.name])),
    cache: parts.flatMap((p) => (p.cache === undefined ? [] : [p.cache.ttl])),
    tools: tools.map(toolOf),
    search: tools.flatMap((t) => (t.type === 'hosted' && Object.keys(t.search ?? {}).length > 0 ? [t.search] : [])),
    grammar: tools.flatMap((t) => (t.type === 'grammar' ? (readGrammarTool(t).grammar?.definition ?? []) : [])),
    strict: tools.flatMap((t) => (t.type === 'function' && t.strict === true ? [t.name] : [])),
    toolChoice: choiceOf(request),
    parallel: request.parallelToolCalls === false ? 'one at a time' : undefined,
    output: request.output === undefined ? undefined : request.output.type === 'json' ? 'json' : openSchema(request.output.schema),
    limit: request.maxOutputTokens,
    stream: request.stream,
    temperature: s.temperature,
    topP: s.topP,
    topK: s.topK,
    stop: s.stop,
    penalties: [s.frequencyPenalty, s.presencePenalty].filter((p) => p !== undefined),
    seed: s.seed,
    logprobs: s.logprobs === true ? (s.topLogprobs ?? 0) : undefined,
    logitBias: s.logitBias,
    n: s.n,
    effort: effortOf(request),
    budget: request.reasoning?.budgetTokens,
  })
}

/** Each vendor has a name of its own for its search. */
function toolOf(tool: Tool): unknown[] {
  if (tool.type === 'hosted' && tool.search !== undefined) return ['a search of the web']
  return tool.type === 'function' && !isFreeText(tool.schema) ? [tool.name, tool.description, tool.schema] : [tool.name]
}

/** A tool of free text, where it is said as a function of one text. */
function isFreeText(schema: unknown): boolean {
  const { properties } = (schema ?? {}) as { properties?: object }
  return Object.keys(properties ?? {}).join() === 'input'
}

/** One vendor wants every object of a schema closed. */
function openSchema(schema: unknown): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === 'additionalProperties' && value === false ? undefined : value)),
  )
}

/** To be made to call one of one tool is to be made to call that tool. */
function choiceOf({ toolChoice: choice }: Request): unknown {
  if (typeof choice !== 'object' || !('allowed' in choice)) return choice
  return choice.mode === 'required' && choice.allowed.length === 1 ? { name: choice.allowed[0] } : choice
}

function* partsOf(parts: readonly Part[]): Generator<Part> {
  for (const part of parts) {
    yield part
    if (part.type === 'tool-result') yield* partsOf(part.parts)
  }
}

/** Who says what, in order. A system prompt may be spelled as a developer's; texts that stand together are one. */
function turnsOf(messages: readonly Message[]): unknown[] {
  const ids = new Map<string, number>()
  const numberOf = (id: string): number => {
    if (!ids.has(id)) ids.set(id, ids.size)
    return ids.get(id)!
  }
  const turns: unknown[][] = []
  const add = (who: string, what: unknown[]): void => {
    const last = turns.at(-1)
    if (last !== undefined && last[0] === who && last[1] === 'text' && what[0] === 'text')
      last[2] = `${String(last[2])}\n\n${String(what[1])}`
    else turns.push([who, ...what])
  }
  for (const { role, parts } of messages) {
    const who = role === 'developer' ? 'system' : role
    for (const part of parts) for (const said of sayingOf(part, numberOf)) add(part.type === 'tool-result' ? 'tool' : who, said)
  }
  return turns
}

function sayingOf(part: Part, numberOf: (id: string) => number): unknown[][] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [['text', part.text]]
    case 'tool-call':
      return [['call', numberOf(part.id), part.name, JSON.parse(part.args || '{}')]]
    case 'tool-result':
      return [['result', numberOf(part.callId), turnsOf([{ role: 'tool', parts: part.parts }])]]
    case 'reasoning':
      return [['reasoning', part.text, part.signature, part.redacted === true]]
    case 'image':
    case 'file':
    case 'audio':
      return [[part.type, part.source.kind === 'url' ? part.source.url : part.source]]
    case 'refusal':
      return [['refusal', part.text]]
    case 'opaque':
      return [['opaque', part.kind]]
  }
}

/** A switch is said as an effort by some formats. */
function effortOf({ reasoning: r }: Request): string | undefined {
  if (r === undefined) return undefined
  return r.mode === 'off' || r.budgetTokens === 0 ? 'none' : r.effort
}

function dropEmpty(aspects: Aspects): Aspects {
  return Object.fromEntries(
    Object.entries(aspects).filter(([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)),
  )
}
