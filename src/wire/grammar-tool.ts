import type { Loss, VendorTool, WireFormat } from '../canonical/index.js'
import { isRecord, type Json, recordOf } from './json.js'
import { lose } from './losses.js'

/** A tool whose argument is free text, perhaps bound by a grammar. OpenAI's two formats nest it differently. */
export interface GrammarTool {
  readonly name: string
  readonly description?: string
  readonly grammar?: { readonly syntax: string; readonly definition: string }
}

/** A tool of free text as a request holds it. */
export function grammarToolOf(name: string, format: WireFormat, value: Json): VendorTool {
  const tool = { type: 'grammar', name, format, value } as const
  return readGrammarTool(tool).grammar === undefined ? tool : { ...tool, grammar: true }
}

export function readGrammarTool(tool: VendorTool): GrammarTool {
  const raw = recordOf(tool.value)
  const inner = isRecord(raw.custom) ? raw.custom : raw
  const format = recordOf(inner.format)
  const grammar = isRecord(format.grammar) ? format.grammar : format
  return {
    name: tool.name,
    ...(typeof inner.description === 'string' ? { description: inner.description } : {}),
    ...(typeof grammar.syntax === 'string' && typeof grammar.definition === 'string'
      ? { grammar: { syntax: grammar.syntax, definition: grammar.definition } }
      : {}),
  }
}

/**
 * The same tool as a function of one text, for targets without free-text tools. A grammar becomes part of its description.
 * Calls of it carry `{"input": "…"}`, the neutral form of a free-text call.
 */
export function grammarAsFunction(tool: VendorTool, losses: Loss[]): { name: string; description: string; schema: Json } {
  const { description = '', grammar } = readGrammarTool(tool)
  if (grammar !== undefined) lose(losses, `tools.${tool.name}`, 'its grammar is only described to this model, not enforced')
  const bound = grammar === undefined ? '' : `The input must match this ${grammar.syntax} grammar:\n${grammar.definition}`
  return {
    name: tool.name,
    description: [description, bound].filter((text) => text !== '').join('\n\n'),
    schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'], additionalProperties: false },
  }
}
