import type { Parameter } from '../../canonical/index.js'
import { callIds } from '../calls.js'
import { dropAt, type Splice, setAt, type Target } from '../codec.js'
import { isEffort, nearestEffort } from '../effort.js'
import { isRecord, type Json, listOf, recordEntries } from '../json.js'
import { freshId } from '../pair-tools.js'
import { mostOutput } from '../target.js'
import { reasoningSplices } from './relay-reasoning.js'
import { thinkingSplices } from './relay-thinking.js'

const PLAIN: readonly (readonly [Parameter, string])[] = [
  ['temperature', 'temperature'],
  ['top_p', 'top_p'],
  ['top_k', 'top_k'],
  ['stop', 'stop_sequences'],
  ['speed', 'speed'],
]

const EFFORT = ['output_config', 'effort'] as const

/** The changes that a body of this format needs for another model of this format; none where nothing is known against it. */
export function relaySplices(body: Json, target: Target): readonly Splice[] {
  const splices: Splice[] = []
  if (body.model !== target.name) splices.push({ kind: 'model', value: target.name })
  const asked = body.max_tokens
  const most = mostOutput(target)
  const limit = typeof asked === 'number' ? Math.min(asked, most) : most
  if (typeof asked === 'number' && limit < asked) splices.push({ kind: 'limit', field: 'max_tokens', value: limit })
  const refuses = (parameter: Parameter): boolean => target.accepts.refuses.includes(parameter)
  for (const [parameter, field] of PLAIN) {
    if (body[field] !== undefined && refuses(parameter)) splices.push(dropAt([field], 'The model refuses it.'))
  }
  if (body.temperature !== undefined && body.top_p !== undefined && refuses('top_p_beside_temperature')) {
    if (!refuses('temperature') && !refuses('top_p')) splices.push(dropAt(['top_p'], 'The model takes it or temperature, not both.'))
  }
  const reasoning = reasoningSplices(body, target)
  splices.push(...reasoning.splices)
  splices.push(...thinkingSplices(body, target, limit, reasoning.unreasoned))
  splices.push(...outputSplices(body, target, refuses))
  splices.push(...choiceSplices(body, refuses))
  splices.push(...messageSplices(body, refuses))
  splices.push(...callIdSplices(body))
  return splices
}

function outputSplices(body: Json, target: Target, refuses: (p: Parameter) => boolean): Splice[] {
  const config = body.output_config
  if (!isRecord(config)) return []
  const splices: Splice[] = []
  const { effort } = config
  if (effort !== undefined) {
    const { efforts: known, thinking } = target.accepts
    const knowsNone = refuses('reasoning_effort') || (thinking === 'budget' && known.length === 0)
    const isOnly = Object.keys(config).length === 1
    if (knowsNone) splices.push(dropAt(isOnly ? ['output_config'] : EFFORT, 'The model knows no effort levels.'))
    else if (known.length > 0 && isEffort(effort) && !known.includes(effort)) {
      splices.push(setAt(EFFORT, nearestEffort(effort, known), 'The nearest level the model knows.'))
    }
  }
  return splices
}

function choiceSplices(body: Json, refuses: (p: Parameter) => boolean): Splice[] {
  const choice = body.tool_choice
  if (!isRecord(choice)) return []
  const serial = choice.disable_parallel_tool_use
  if ((choice.type === 'any' || choice.type === 'tool') && refuses('forced_tool_choice')) {
    const value = { type: 'auto', ...(serial === undefined ? {} : { disable_parallel_tool_use: serial }) }
    return [setAt(['tool_choice'], value, 'The model cannot be forced to call a tool.', true)]
  }
  return serial !== undefined && refuses('parallel_tool_calls')
    ? [dropAt(['tool_choice', 'disable_parallel_tool_use'], 'The model refuses it.')]
    : []
}

function messageSplices(body: Json, refuses: (p: Parameter) => boolean): Splice[] {
  const messages = listOf(body.messages)
  const splices: Splice[] = []
  if (refuses('mid_conversation_system')) {
    for (const [i, message] of recordEntries(messages)) {
      if (message.role !== 'system') continue
      const why = 'The model takes no system messages in mid-conversation; said as the user.'
      splices.push(setAt(['messages', i, 'role'], 'user', why))
      if (message.output_config !== undefined) splices.push(dropAt(['messages', i, 'output_config'], why))
    }
  }
  const last = messages.at(-1)
  if (isRecord(last) && last.role === 'assistant' && refuses('prefill')) {
    splices.push(dropAt(['messages', messages.length - 1], 'The model takes no prefilled answer.', true))
  }
  return splices
}

const WHY = 'The vendor takes ids of letters, digits, _ and -, each once.'

/** Ids of calls that other models made, under which the vendor takes them: Kimi's hold a point and a colon. */
function callIdSplices(body: Json): Splice[] {
  const splices: Splice[] = []
  const used = new Set<string>()
  const ids = callIds((asked) => freshId(asked, used))
  for (const [i, message] of recordEntries(body.messages)) {
    for (const [j, block] of recordEntries(message.content)) {
      const field = block.type === 'tool_use' ? 'id' : block.type === 'tool_result' ? 'tool_use_id' : undefined
      const asked = field && block[field]
      if (field === undefined || typeof asked !== 'string') continue
      const id = field === 'id' ? ids.call(asked) : ids.result(asked)
      if (id !== null && id !== asked) splices.push(setAt(['messages', i, 'content', j, field], id, WHY))
    }
  }
  return splices
}
