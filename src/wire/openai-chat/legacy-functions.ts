import type { Request } from '../../canonical/index.js'
import { isSpelled } from '../extra.js'
import { isRecord, type Json, needRecord, needString, readEach, recordsIn } from '../json.js'

/**
 * `functions` and `function_call`, which `tools` and `tool_calls` replaced in 2023 and older programs still send. They are read
 * as tools, so that every provider can serve them, and answered in the old shape, which has room for one call.
 */
export function isLegacyBody(body: Json): boolean {
  if (body.functions != null || body.function_call != null) return true
  return recordsIn(body.messages).some((message) => message.role === 'function' || message.function_call != null)
}

/** Whether the answer to this request is to be given in the old shape. */
export function wantsLegacy(request: Request | undefined): boolean {
  return isSpelled(request?.extra, '~functions')
}

/** The body as it would be written today. */
export function modernBody(body: Json): Json {
  const { functions, function_call: choice, ...rest } = body
  const modern: Record<string, unknown> = { ...rest, messages: modernMessages(body.messages) }
  if (functions != null) {
    const tools = readEach(functions, 'functions', (declared, path) => {
      needString(declared.name, `${path}.name`)
      return { type: 'function', function: declared }
    })
    if (tools.length > 0) Object.assign(modern, { tools, parallel_tool_calls: false })
  }
  if (typeof choice === 'string') modern.tool_choice = choice
  else if (choice != null) {
    const name = needString(needRecord(choice, 'function_call').name, 'function_call.name')
    modern.tool_choice = { type: 'function', function: { name } }
  }
  return modern
}

/** Calls get ids by their place; a result belongs to the call before it. */
function modernMessages(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages
  let id = 'call_0'
  return messages.map((message: unknown, i) => {
    if (!isRecord(message)) return message
    if (message.role === 'function') return { ...message, role: 'tool', tool_call_id: id }
    if (message.function_call == null) return message
    const { function_call: call, ...rest } = message
    id = `call_${i}`
    return { ...rest, tool_calls: [{ id, type: 'function', function: needRecord(call, `messages.${i}.function_call`) }] }
  })
}
