import type { Parameter } from '../../canonical/index.js'
import { dropAt, type Splice, setAt, type Target } from '../codec.js'
import { nearestLevel } from '../effort.js'
import { schemaSplices } from '../fit-schemas.js'
import { isRecord, type Json, listOf, recordEntries, recordOf } from '../json.js'
import { isForced, readToolChoice } from '../openai-tool-choice.js'
import { markSplices } from '../relay-marks.js'
import { limitSplices } from '../target.js'
import { cacheSplices } from './relay-cache.js'
import { spliceMessages } from './relay-messages.js'
import { callIdSplices } from './tool-calls.js'

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
  verbosity: ['verbosity'],
  prompt_cache_key: ['prompt_cache_key'],
  prompt_cache_retention: ['prompt_cache_retention'],
  safety_identifier: ['safety_identifier'],
  user: ['user'],
}
const REFUSED = 'this model does not accept it'

/** What a chat body needs so that this target accepts it; nothing for a body that fits. */
export function relaySplices(body: Json, target: Target): Splice[] {
  const splices: Splice[] = []
  if (body.model !== target.name) splices.push({ kind: 'model', value: target.name })
  spliceRefused(body, target, splices)
  spliceEffort(body, target, splices)
  spliceLimit(body, target, splices)
  if (body.stream === true && !(isRecord(body.stream_options) && body.stream_options.include_usage === true)) {
    splices.push({ kind: 'include-usage' })
  }
  spliceMessages(body, target, splices)
  splices.push(...markSplices(body, target))
  if (target.accepts.cacheMarks) splices.push(...cacheSplices(body, splices))
  splices.push(...callIdSplices(body, target))
  splices.push(...schemasOfTools(body, target), ...withoutTools(body))
  if (!target.accepts.developerRole) splices.push(...allowedTools(body, splices))
  return splices
}

function spliceRefused(body: Json, target: Target, splices: Splice[]): void {
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
function isSwitchedOff(body: Json, target: Target): boolean {
  return (isRecord(body.thinking) && body.thinking.type === 'disabled') || wantsSwitch(body, target)
}

/** The client says that it wants no thinking as an effort, of which this model has none such. */
function wantsSwitch({ reasoning_effort: effort, thinking }: Json, { accepts }: Target): boolean {
  return effort === 'none' && thinking === undefined && accepts.thinkingSwitch === true
}

function spliceEffort(body: Json, target: Target, splices: Splice[]): void {
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

function spliceLimit(body: Json, target: Target, splices: Splice[]): void {
  const to = target.accepts.maxTokensField
  const from = to === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
  const renamed = body[to] === undefined && body[from] !== undefined
  if (body[to] !== undefined && body[from] !== undefined) splices.push({ kind: 'drop', field: from, why: `this model reads ${to}` })
  const field = renamed ? from : to
  splices.push(...limitSplices(body[field], field, target))
  if (renamed) splices.push({ kind: 'rename', field, to })
}

/** A choice among some tools, which OpenAI's models alone know, is said by offering these alone. */
function allowedTools({ tool_choice: choice, tools }: Json, others: readonly Splice[]): Splice[] {
  const asked = isRecord(choice) && choice.type === 'allowed_tools' ? readToolChoice(choice) : undefined
  if (typeof asked !== 'object' || !('allowed' in asked)) return []
  const why = 'this model is offered the allowed tools alone'
  const nameOf = (tool: unknown): string => String(recordOf(recordOf(tool).function).name)
  const withheld = listOf(tools).flatMap((tool, i) => (asked.allowed.includes(nameOf(tool)) ? [] : [['tools', i]]))
  const isSet = others.some(({ kind, field }: { kind: string; field?: string }) => kind === 'set' && field === 'tool_choice')
  return [
    ...(withheld.length === 0 ? [] : [{ kind: 'drop-all', field: 'tools', why, paths: withheld } as const]),
    ...(isSet ? [] : [{ kind: 'set', field: 'tool_choice', value: asked.mode, why } as const]),
  ]
}

/** OpenAI refuses an empty list of tools, and any word about tools without one; many servers take both. */
function withoutTools(body: Json): Splice[] {
  if (!Array.isArray(body.tools) || body.tools.length > 0) return []
  const fields = ['tools', 'tool_choice', 'parallel_tool_calls'].filter((field) => body[field] !== undefined)
  return fields.map((field) => dropAt([field], 'there are no tools'))
}

const NO_PARAMETERS = { type: 'object', properties: {} }

function schemasOfTools({ tools }: Json, target: Target): readonly Splice[] {
  const wanted = target.accepts.refuses.includes('missing_parameters')
  return recordEntries(tools).flatMap(([i, tool]) => {
    if (!isRecord(tool.function)) return []
    const path = ['tools', i, 'function', 'parameters']
    if (wanted && tool.function.parameters == null) return [setAt(path, NO_PARAMETERS, 'this model wants them, though there are none')]
    return schemaSplices(tool.function.parameters, path, target)
  })
}
