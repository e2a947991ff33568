import type { Splice, Target } from '../codec.js'
import { schemaSplices } from '../fit-schemas.js'
import { isRecord, type Json, listOf, recordOf } from '../json.js'
import { readToolChoice } from '../openai-tool-choice.js'

/** A choice among some tools, which OpenAI's models alone know, is said by offering these alone. */
export function allowedTools({ tool_choice: choice, tools }: Json, others: readonly Splice[]): Splice[] {
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

export function schemasOfTools({ tools }: Json, target: Target): Splice[] {
  if (!Array.isArray(tools)) return []
  return tools.flatMap((tool: unknown, i) =>
    isRecord(tool) && isRecord(tool.function)
      ? schemaSplices(tool.function.parameters, ['tools', i, 'function', 'parameters'], target)
      : [],
  )
}
