import type { Parameter } from '../../canonical/index.js'
import type { JsonPath, Splice, Target } from '../codec.js'
import { nearestLevel } from '../effort.js'
import { isRecord, type Json, listOf } from '../json.js'
import { keepsSignature } from '../keeps-signature.js'
import { mostOutput } from '../most-output.js'
import { isForced } from '../openai-tool-choice.js'
import { dropAt, setAt } from '../splice.js'
import { afterToolSplices } from './after-tools.js'
import { argumentSplices } from './broken-arguments.js'
import { callIdSplices } from './call-ids.js'
import { findSilent, findUnknown } from './echoes.js'
import { signatureOf } from './read-tool-calls.js'
import { allowedTools, schemasOfTools } from './relay-tools.js'
import { isThinkingChunk } from './thinking-chunk.js'

type Body = Readonly<Record<string, unknown>>

/** Where each parameter that a model may refuse is in a chat body. */
const FIELDS: Readonly<Partial<Record<Parameter, readonly string[]>>> = {
  temperature: ['temperature'],
  top_p: ['top_p'],
  top_k: ['top_k'],
  frequency_penalty: ['frequency_penalty'],
  presence_penalty: ['presence_penalty'],
  logit_bias: ['logit_bias'],
  logprobs: ['logprobs', 'top_logprobs'],
  seed: ['seed'],
  stop: ['stop'],
  n: ['n'],
  store: ['store'],
  reasoning_effort: ['reasoning_effort', 'reasoning'],
  parallel_tool_calls: ['parallel_tool_calls'],
}
const REFUSED = 'this model does not accept it'

/** What a chat body needs so that this target accepts it; nothing for a body that fits. */
export function findSplices(body: Body, target: Target): Splice[] {
  const splices: Splice[] = []
  if (body.model !== target.name) splices.push({ kind: 'model', value: target.name })
  spliceRefused(body, target, splices)
  spliceEffort(body, target, splices)
  spliceLimit(body, target, splices)
  if (body.stream === true && !(isRecord(body.stream_options) && body.stream_options.include_usage === true)) {
    splices.push({ kind: 'include-usage' })
  }
  spliceMessages(body, target, splices)
  splices.push(...callIdSplices(body, target))
  splices.push(...schemasOfTools(body, target))
  if (!target.accepts.developerRole) splices.push(...allowedTools(body, splices))
  return splices
}

function spliceRefused(body: Body, target: Target, splices: Splice[]): void {
  for (const parameter of target.accepts.refuses) {
    for (const field of FIELDS[parameter] ?? []) {
      if (body[field] !== undefined) splices.push({ kind: 'drop', field, why: REFUSED })
    }
    if (parameter === 'forced_tool_choice' && isForced(body.tool_choice) && !isSwitchedOff(body, target)) {
      splices.push({ kind: 'set', field: 'tool_choice', value: 'auto', why: 'this model cannot be forced to call a tool' })
    }
  }
}

/** Kimi and DeepSeek can be forced when they are told not to think. */
function isSwitchedOff(body: Body, target: Target): boolean {
  return (isRecord(body.thinking) && body.thinking.type === 'disabled') || wantsSwitch(body, target)
}

/** The client says that it wants no thinking as an effort, of which this model has none such. */
function wantsSwitch({ reasoning_effort: effort, thinking }: Body, { accepts }: Target): boolean {
  return effort === 'none' && thinking === undefined && accepts.thinkingSwitch === true
}

function spliceEffort(body: Body, target: Target, splices: Splice[]): void {
  const asked = body.reasoning_effort
  const { efforts, refuses } = target.accepts
  if (typeof asked !== 'string' || refuses.includes('reasoning_effort')) return
  if (wantsSwitch(body, target)) {
    const why = 'how this model is told not to think'
    splices.push({ kind: 'drop', field: 'reasoning_effort', why }, { kind: 'set', field: 'thinking', value: { type: 'disabled' }, why })
    return
  }
  const nearest = nearestLevel(asked, efforts)
  if (nearest === null) splices.push({ kind: 'drop', field: 'reasoning_effort', why: 'this model has no effort levels' })
  else if (nearest !== asked) splices.push({ kind: 'set', field: 'reasoning_effort', value: nearest, why: `nearest level to ${asked}` })
}

function spliceLimit(body: Body, target: Target, splices: Splice[]): void {
  const to = target.accepts.maxTokensField
  const from = to === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
  const most = mostOutput(target)
  const renamed = body[to] === undefined && body[from] !== undefined
  if (body[to] !== undefined && body[from] !== undefined) splices.push({ kind: 'drop', field: from, why: `this model reads ${to}` })
  const field = renamed ? from : to
  const limit = body[field]
  if (typeof limit === 'number' && limit > most) splices.push({ kind: 'limit', field, value: most })
  // A budget's clamp holds for a client without a limit too.
  if (limit == null && target.clampOutput !== null) splices.push({ kind: 'limit', field, value: most })
  if (renamed) splices.push({ kind: 'rename', field, to })
}

function spliceMessages(body: Body, target: Target, splices: Splice[]): void {
  const messages = listOf(body.messages)
  const signed: JsonPath[] = []
  let isPlain = true
  for (const [i, message] of messages.entries()) {
    if (!isRecord(message)) continue
    isPlain &&= message.role !== 'assistant' && message.role !== 'tool' && message.name === undefined
    spliceRole(message.role, i, target, splices)
    if (message.role === 'tool' && !target.accepts.developerRole) spliceResult(message.content, i, splices)
    if (message.role !== 'assistant') continue
    if (!target.accepts.developerRole) splices.push(...argumentSplices(message.tool_calls, i))
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
  const stays = (path: JsonPath): boolean => !silent.has(Number(path[1]))
  const why = target.accepts.refuses.includes('reasoning_content') ? 'this model takes none back' : 'made by another model'
  const wanted = target.accepts.refuses.includes('missing_reasoning') ? findUnreasoned(messages, signed).filter((i) => !silent.has(i)) : []
  const dropped = signed.filter((path) => stays(path) && !wanted.some((i) => path[1] === i && path[2] === 'reasoning_content'))
  if (dropped.length > 0) splices.push({ kind: 'drop-all', field: 'reasoning', why, paths: dropped })
  const unknown = findUnknown(messages, target).filter(stays)
  if (unknown.length > 0) splices.push({ kind: 'drop-all', field: 'messages', why: 'fields that this model does not know', paths: unknown })
  for (const i of wanted) {
    splices.push(setAt(['messages', i, 'reasoning_content'], '', 'this model wants reasoning in every message of its history'))
  }
  if (target.accepts.refuses.includes('user_after_tool')) splices.push(...afterToolSplices(messages, silent))
  const last = messages.length - 1
  if (target.accepts.refuses.includes('prefill') && isPrefill(messages[last])) {
    splices.push(dropAt(['messages', last], 'this model does not continue a prefilled answer'))
  }
}

function spliceRole(role: unknown, message: number, { accepts }: Target, splices: Splice[]): void {
  const path = ['messages', message, 'role']
  if (message > 0 && (role === 'system' || role === 'developer') && accepts.refuses.includes('mid_conversation_system'))
    splices.push(setAt(path, 'user', 'this model takes instructions in front alone; said as the user'))
  else if (role === 'developer' && !accepts.developerRole)
    splices.push(setAt(path, 'system', 'this model does not know the developer role'))
}

/**
 * Servers other than OpenAI's want the text of a result as a string, which Qwen Code sends in parts (github.com/QwenLM/qwen-code/issues/2318).
 * Those that take marks for the cache (OpenRouter) take the parts that hold them.
 */
function spliceResult(content: unknown, message: number, splices: Splice[]): void {
  if (!Array.isArray(content) || !content.every((part) => isRecord(part) && part.type === 'text' && part.cache_control === undefined))
    return
  const value = (content as readonly Json[]).map((part) => part.text).join('\n\n')
  splices.push(setAt(['messages', message, 'content'], value, 'this model takes results as strings'))
}

/** Messages of the assistant that will be sent without their reasoning, in whatever spelling. */
function findUnreasoned(messages: readonly unknown[], dropped: readonly JsonPath[]): number[] {
  const has = (message: Json, i: number, key: string): boolean =>
    message[key] != null && !dropped.some((path) => path.length === 3 && path[1] === i && path[2] === key)
  return messages.flatMap((message, i) =>
    isRecord(message) &&
    message.role === 'assistant' &&
    !['reasoning_content', 'reasoning', 'reasoning_details'].some((key) => has(message, i, key))
      ? [i]
      : [],
  )
}

/** Reasoning of another model: what it signed, and where the target takes none back, its words; some take not even their own. */
function findSigned(message: Json, at: JsonPath, target: Target, signed: JsonPath[]): void {
  const refused = target.accepts.refuses.includes('reasoning_content')
  const foreign = !target.keepsReasoning && (refused || !target.accepts.needs.includes('reasoning-replay'))
  // In this spelling some of those models give theirs, and take it back (gpt-oss at Groq), OpenAI's own never.
  if (message.reasoning != null && (foreign || (refused && target.accepts.developerRole))) signed.push([...at, 'reasoning'])
  if (refused ? message.reasoning_content !== undefined : foreign && message.reasoning_content != null) {
    signed.push([...at, 'reasoning_content'])
  }
  if (!target.keepsReasoning && Array.isArray(message.content)) signed.push(...findChunks(message.content, [...at, 'content']))
  signed.push(...findDetails(message.reasoning_details, [...at, 'reasoning_details'], target, foreign || refused))
  if (!Array.isArray(message.tool_calls)) return
  for (const [i, call] of (message.tool_calls as unknown[]).entries()) {
    if (isRecord(call) && isRecord(call.extra_content) && !keepsSignature(target, signatureOf(call)))
      signed.push([...at, 'tool_calls', i, 'extra_content'])
  }
}

/** Entries that another model signed, and those without a signature where the target takes no words. */
function findDetails(details: unknown, at: JsonPath, target: Target, wordless: boolean): JsonPath[] {
  const signatures = listOf(details).map((detail) => (isRecord(detail) ? (detail.data ?? detail.signature) : null))
  const keeps = signatures.map((signature) => signature != null && keepsSignature(target, signature))
  const gone = (signature: unknown, i: number): boolean => (signature == null ? wordless && !keeps.includes(true) : !keeps[i])
  const paths = signatures.flatMap((signature, i) => (gone(signature, i) ? [[...at, i]] : []))
  return paths.length > 0 && paths.length === signatures.length ? [at] : paths
}

/** Reasoning within the content, or all of the content where it holds nothing else. */
function findChunks(content: readonly unknown[], at: JsonPath): readonly JsonPath[] {
  const chunks = content.flatMap((part, i) => (isRecord(part) && isThinkingChunk(part) ? [[...at, i]] : []))
  return chunks.length > 0 && chunks.length === content.length ? [at] : chunks
}

function isPrefill(message: unknown): boolean {
  return isRecord(message) && message.role === 'assistant' && !Array.isArray(message.tool_calls)
}
