import type { ToolChoice } from '../canonical/index.js'
import { isRecord, type Json, mayRecord, needArray, needRecord, needString } from './json.js'

/** `tool_choice` of OpenAI's formats: chat nests the name (`function.name`), Responses does not; Anthropic's words are read too. */

/** The neutral choice, undefined when absent or not known here. */
export function readToolChoice(value: unknown): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined
  if (value === 'auto' || value === 'none' || value === 'required') return value
  if (value === 'any') return 'required'
  const choice = needRecord(value, 'tool_choice')
  switch (choice.type) {
    case 'function':
      return { name: needString((mayRecord(choice.function, 'tool_choice.function') ?? choice).name, 'tool_choice.function.name') }
    case 'custom':
      return { name: needString((mayRecord(choice.custom, 'tool_choice.custom') ?? choice).name, 'tool_choice.custom.name') }
    case 'tool':
      return { name: needString(choice.name, 'tool_choice.name') }
    case 'allowed_tools':
      return readAllowed(mayRecord(choice.allowed_tools, 'tool_choice.allowed_tools') ?? choice)
    case 'auto':
    case 'none':
      return choice.type
    case 'any':
      return 'required'
    default:
      return undefined
  }
}

function readAllowed(allowed: Json): ToolChoice {
  const names = needArray(allowed.tools, 'tool_choice.allowed_tools.tools').map((raw, i) => {
    const tool = needRecord(raw, `tool_choice.allowed_tools.tools.${i}`)
    const named = isRecord(tool.function) ? tool.function : isRecord(tool.custom) ? tool.custom : tool
    return needString(named.name, `tool_choice.allowed_tools.tools.${i}.name`)
  })
  return { allowed: names, mode: allowed.mode === 'required' ? 'required' : 'auto' }
}

/** Whether the choice leaves the model no answer but a call. */
export function isForced(choice: unknown): boolean {
  if (typeof choice === 'string') return choice === 'required'
  if (!isRecord(choice)) return false
  const allowed = isRecord(choice.allowed_tools) ? choice.allowed_tools : choice
  return choice.type !== 'allowed_tools' || allowed.mode === 'required'
}
