import type { FunctionTool, Loss, VendorTool, WebSearch, WireFormat } from '../canonical/index.js'
import { isRecord, type Json, present, recordOf } from './json.js'
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
export function grammarAsFunction(tool: VendorTool, losses: Loss[]): FunctionTool {
  const { description = '', grammar } = readGrammarTool(tool)
  if (grammar !== undefined) lose(losses, `tools.${tool.name}`, 'its grammar is only described to this model, not enforced')
  const bound = grammar === undefined ? '' : `The input must match this ${grammar.syntax} grammar:\n${grammar.definition}`
  return {
    type: 'function',
    name: tool.name,
    description: [description, bound].filter((text) => text !== '').join('\n\n'),
    schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'], additionalProperties: false },
  }
}

type Spelled = Readonly<Partial<Record<'allowed' | 'blocked' | 'uses' | 'location', unknown>>>

/** A hosted search in neutral terms. Malformed settings are left to its own vendor to refuse. */
export function searchOf({ allowed, blocked, uses, location }: Spelled): WebSearch {
  return present({
    allowedDomains: domains(allowed),
    blockedDomains: domains(blocked),
    maxUses: typeof uses === 'number' ? uses : undefined,
    location: isRecord(location) ? location : undefined,
  })
}

function domains(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined
}

/** Lists the parts of a search that the target cannot be told. Where it may look changes what it finds. */
export function loseSearch(search: WebSearch, unsayable: readonly (keyof WebSearch)[], losses: Loss[]): void {
  for (const field of unsayable) {
    if (search[field] === undefined) continue
    const matters = field === 'allowedDomains' || field === 'blockedDomains'
    lose(losses, `tools.web_search.${field}`, "this vendor's search cannot be told so", matters)
  }
}
