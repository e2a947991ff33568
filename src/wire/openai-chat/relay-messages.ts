import { argsObject } from '../calls.js'
import { dropAt, type JsonPath, type Splice, setAt, type Target } from '../codec.js'
import { isRecord, type Json, listOf, parseJson, recordOf } from '../json.js'
import { isThinkingChunk } from './reasoning.js'
import { findSigned, findUnreasoned } from './relay-reasoning.js'

/** Of an answer's fields, those that OpenAI alone takes back. */
const OPENAI_ONLY = ['refusal', 'annotations', 'audio']
const NOBODYS = ['tool_calls', 'function_call', 'reasoning', 'reasoning_details']

/** What the messages of a chat body need so that this target accepts them. */
export function spliceMessages(body: Json, target: Target, splices: Splice[]): void {
  const messages = listOf(body.messages)
  const signed: JsonPath[] = []
  let isPlain = true
  const { refuses } = target.accepts
  const marks = !refuses.includes('cache_control')
  const front = refuses.includes('mid_conversation_system') ? joinFront(messages, marks, splices) : 1
  for (const [i, message] of messages.entries()) {
    if (!isRecord(message) || (i > 0 && i < front)) continue
    isPlain &&= message.role !== 'assistant' && message.role !== 'tool' && message.name === undefined
    spliceRole(message.role, i, target, splices)
    if (message.role !== 'user' && !target.accepts.developerRole && (i > 0 || front === 1)) spliceWords(message, i, target, splices)
    if (message.role !== 'assistant') continue
    if (!target.accepts.developerRole) spliceArguments(message.tool_calls, i, splices)
    const before = signed.length
    findSigned(message, ['messages', i], target, signed)
    const { reasoning_content: reasons, reasoning } = message
    if (target.accepts.reasoningField && signed.length === before && typeof reasons === 'string' && reasons !== '' && reasoning == null)
      splices.push(setAt(['messages', i, 'reasoning'], reasons, 'the name under which this server reads it'))
    if (!target.accepts.developerRole && !message.content && message.refusal) {
      splices.push(setAt(['messages', i, 'content'], message.refusal, 'this model reads refusals as words'))
    }
  }
  if (isPlain) return
  const silent = findSilent(messages, signed, target)
  for (const i of silent) splices.push(dropAt(['messages', i], 'it says nothing, which this model refuses'))
  const stays = ([, i]: JsonPath): boolean => !silent.has(Number(i)) && (i === 0 || Number(i) >= front)
  const why = refuses.includes('reasoning_content') ? 'this model takes none back' : 'made by another model'
  const wanted = refuses.includes('missing_reasoning') ? findUnreasoned(messages, signed).filter((i) => !silent.has(i)) : []
  const dropped = signed.filter((path) => stays(path) && !wanted.some((i) => path[1] === i && path[2] === 'reasoning_content'))
  if (dropped.length > 0) splices.push({ kind: 'drop-all', field: 'reasoning', why, paths: dropped })
  const unknown = findUnknown(messages, target).filter(stays)
  if (unknown.length > 0) splices.push({ kind: 'drop-all', field: 'messages', why: 'fields that this model does not know', paths: unknown })
  for (const i of wanted) {
    splices.push(setAt(['messages', i, 'reasoning_content'], '', 'this model wants reasoning in every message of its history'))
  }
  if (refuses.includes('user_after_tool')) splices.push(...afterToolSplices(messages, silent))
  const last = messages.length - 1
  if (refuses.includes('prefill') && isPrefill(messages[last])) {
    splices.push(dropAt(['messages', last], 'this model does not continue a prefilled answer'))
  } else if (isMistral(target) && isPrefill(messages[last]) && recordOf(messages[last]).prefix === undefined) {
    // "Expected last role User or Tool (or Assistant with prefix True)" (docs.mistral.ai/capabilities/completion/prefix).
    splices.push(setAt(['messages', last, 'prefix'], true, 'how this model is told to continue an answer'))
  }
}

/** Instructions in front become one message, as in other formats, unless nothing follows them; how many they were, at least 1. */
function joinFront(messages: readonly unknown[], marks: boolean, splices: Splice[]): number {
  const rest = messages.findIndex((message) => !isRecord(message) || (message.role !== 'system' && message.role !== 'developer'))
  const front = messages.slice(0, rest) as readonly Json[]
  if (front.length < 2) return 1
  const why = 'this model takes instructions in one message'
  const contents = front.map(({ content }) => content)
  const parts = contents.flatMap((content) =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content).map((part) => (marks ? part : unmarked(part))),
  )
  const joined = contents.every((content) => typeof content === 'string') ? contents.join('\n\n') : parts
  splices.push(setAt(['messages', 0, 'content'], joined, why), ...front.slice(1).map((_, i) => dropAt(['messages', i + 1], why)))
  return front.length
}

function unmarked(part: unknown): unknown {
  const { cache_control: _, ...rest } = recordOf(part)
  return rest
}

function spliceRole(role: unknown, message: number, { accepts }: Target, splices: Splice[]): void {
  const path = ['messages', message, 'role']
  if (message > 0 && (role === 'system' || role === 'developer') && accepts.refuses.includes('mid_conversation_system'))
    splices.push(setAt(path, 'user', 'this model takes instructions in front alone; said as the user'))
  else if (role === 'developer' && !accepts.developerRole)
    splices.push(setAt(path, 'system', 'this model does not know the developer role'))
}

/**
 * Arguments that are no JSON object, as a model leaves them that ran into its limit: vLLM and llama.cpp parse those of the whole history for
 * their templates, and refuse every later turn (github.com/vllm-project/vllm/pull/48922, ggml-org/llama.cpp/issues/22948).
 */
function spliceArguments(calls: unknown, message: number, splices: Splice[]): void {
  for (const [i, call] of listOf(calls).entries()) {
    const args = isRecord(call) && isRecord(call.function) ? call.function.arguments : undefined
    if (typeof args !== 'string' || isRecord(parseJson(args))) continue
    const path = ['messages', message, 'tool_calls', i, 'function', 'arguments']
    splices.push(setAt(path, JSON.stringify(argsObject(args)), 'this model takes arguments that are a JSON object alone'))
  }
}

/**
 * Servers other than OpenAI's want the words of all but the user as a string, which Qwen Code and others send in parts, refusals among them
 * (github.com/QwenLM/qwen-code/issues/2318; Groq: "messages.0.content: value must be a string"). Those that take marks for the cache
 * (OpenRouter) take the parts that hold them.
 */
function spliceWords({ role, content }: Json, message: number, { accepts, keepsReasoning }: Target, splices: Splice[]): void {
  if (!Array.isArray(content)) return
  const marks = !accepts.refuses.includes('cache_control')
  const wordsOf = (part: unknown): unknown => {
    if (!isRecord(part) || (marks && part.cache_control !== undefined)) return undefined
    return part.type === 'text' ? part.text : part.type === 'refusal' ? part.refusal : undefined
  }
  // Another model's reasoning is taken out, with all of the content where it is nothing else.
  const said = keepsReasoning ? content : content.filter((part) => !(isRecord(part) && isThinkingChunk(part)))
  const words = said.map(wordsOf)
  if ((said.length === 0 && content.length > 0) || !words.every((text) => typeof text === 'string')) return
  splices.push(
    setAt(['messages', message, 'content'], words.join(role === 'assistant' ? '' : '\n\n'), 'this model takes these words as a string'),
  )
}

/** Mistral itself, whose fields are a closed list; others run its models. */
function isMistral({ accepts: { refuses } }: Target): boolean {
  return refuses.includes('reasoning_content') && refuses.includes('foreign_call_ids')
}

function isPrefill(message: unknown): boolean {
  return isRecord(message) && message.role === 'assistant' && !Array.isArray(message.tool_calls)
}

/**
 * Words of the assistant between the results of tools and what follows, where an agent adds reminders or its user goes on: "Unexpected role
 * 'user' after role 'tool'" (github.com/NousResearch/hermes-agent/issues/20154, aliou/pi-neuralwatt/issues/12). And where an answer that
 * says nothing was left out: "conversation roles must alternate" (github.com/vllm-project/vllm/issues/6862).
 */
function afterToolSplices(messages: readonly unknown[], silent: ReadonlySet<number>): Splice[] {
  const kept = [...messages.entries()].filter(([i]) => !silent.has(i))
  return kept.flatMap(([i, message], at): Splice[] => {
    const before = kept[at - 1]?.[1]
    if (!isRecord(message) || !isRecord(before)) return []
    if (message.role === 'tool' || message.role === 'assistant') return []
    if (before.role !== 'tool' && !(before.role === 'user' && silent.has(i - 1))) return []
    const content = before.role === 'tool' ? 'I have read the results.' : 'I have nothing to say.'
    const why = 'this model wants words of the assistant here'
    return [{ kind: 'insert', field: `messages.${i}`, path: ['messages', i], value: { role: 'assistant', content }, why }]
  })
}

/**
 * Refusals, and fields without a value, which come back where a client puts an answer's whole message into its history, and which other servers refuse
 * than the one that said it (github.com/openai/openai-python/issues/2061, github/copilot-sdk/issues/2061, diegosouzapw/OmniRoute/pull/4350).
 */
function findUnknown(messages: readonly unknown[], target: Target): JsonPath[] {
  const { accepts } = target
  const openai = accepts.developerRole
  // Servers with a closed list of fields do not take sources either; OpenRouter wants those of files back.
  const closed = accepts.refuses.includes('reasoning_content')
  if (openai && !closed) return []
  const fields = openai ? NOBODYS : [...OPENAI_ONLY, ...NOBODYS]
  const refused = (message: Json, key: string): boolean =>
    key !== accepts.reasoningField &&
    message[key] !== undefined &&
    (isEmpty(message[key]) || key === 'refusal' || (key === 'annotations' && closed))
  return messages.flatMap((message, i) => {
    if (!isRecord(message)) return []
    const found = message.role === 'assistant' ? fields.filter((key) => refused(message, key)) : []
    // Mistral knows the names of tools only: "extra_forbidden" of "user.name" (github.com/Gage-Technologies/mistral-go/issues/3).
    if (isMistral(target) && message.name !== undefined && message.role !== 'tool') found.push('name')
    return found.map((key) => ['messages', i, key])
  })
}

/**
 * Answers that say nothing without what will be `dropped` of them: refused in a history by all but OpenAI, which takes an empty string
 * (github.com/vllm-project/vllm/issues/21089). The last message is what the answer is to begin with.
 */
function findSilent(messages: readonly unknown[], dropped: readonly JsonPath[], { accepts }: Target): ReadonlySet<number> {
  const openai = accepts.developerRole
  if (openai && !accepts.refuses.includes('reasoning_content')) return new Set()
  const gone = new Set(dropped.filter((path) => path.length === 3).map((path) => path.slice(1).join('.')))
  const says = (message: Json, i: number, key: string): boolean =>
    key !== 'role' && key !== 'name' && !isEmpty(message[key]) && message[key] !== '' && !gone.has(`${i}.${key}`)
  const silent = messages.flatMap((message, i) =>
    isRecord(message) &&
    message.role === 'assistant' &&
    !(openai && message.content === '') &&
    !Object.keys(message).some((key) => says(message, i, key))
      ? [i]
      : [],
  )
  return new Set(silent.filter((i) => i < messages.length - 1))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}
