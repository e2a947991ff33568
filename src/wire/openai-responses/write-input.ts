import type { Extra, Loss, Message, Part, PartOf, Request, Role } from '../../canonical/index.js'
import { unwrapText } from '../calls.js'
import type { Target } from '../codec.js'
import { isSpelled, wireFields } from '../extra.js'
import type { Json } from '../json.js'
import { lose } from '../losses.js'
import { answerCalls } from '../pair-tools.js'
import { keepsSignature } from '../target.js'
import { joinTurns } from '../turns.js'
import { seal } from './output-item.js'
import { writePart } from './parts.js'

type Item = Record<string, unknown>

interface InputContext {
  readonly own: boolean
  readonly target: Target
  readonly losses: Loss[]
  /** Names of tools that take free text at this target. */
  readonly freeText: ReadonlySet<string>
  /** Calls written as free text; their outputs have a type of their own. */
  readonly freeTextCalls: Set<string>
}

export interface WrittenInput {
  readonly instructions?: string
  readonly input?: string | readonly Item[]
}

/** The conversation as items of `input`; `instructions` is written only where it was read. */
export function writeInput(request: Request, target: Target, losses: Loss[]): WrittenInput {
  const own = request.format === 'openai-responses'
  const grammar = target.accepts.needs.includes('grammar-tools') ? request.tools.filter((t) => t.type === 'grammar') : []
  const context: InputContext = { own, target, losses, freeText: new Set(grammar.map((t) => t.name)), freeTextCalls: new Set() }
  const input: Item[] = []
  let instructions: string | undefined
  for (const message of own ? request.messages : answerCalls(joinTurns(request), losses)) {
    if (own && isSpelled(message.extra, '~instructions')) instructions = textOf(message.parts)
    else if (own && isSpelled(message.extra, '~input')) return { ...saying(instructions), input: textOf(message.parts) }
    else writeMessage(message, context, input)
  }
  return { ...saying(instructions), input }
}

function saying(instructions: string | undefined): { instructions?: string } {
  return instructions === undefined ? {} : { instructions }
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n')
}

function writeMessage(message: Message, context: InputContext, input: Item[]): void {
  const { own, losses } = context
  if (message.name !== undefined && !own) lose(losses, 'messages.name', 'messages carry no names')
  const usual = message.role === 'assistant' ? 'output_text' : 'input_text'
  let open: { readonly content: Json[]; readonly extra: Extra | undefined } | null = null
  const flush = () => {
    if (open !== null && (own || open.content.length > 0)) input.push(messageItem(message.role, open.content, open.extra, own))
    open = null
  }
  const plain = own && message.role !== 'assistant' && message.role !== 'tool'
  if (plain && message.parts.length === 0) input.push(messageItem(message.role, [], message.extra, own))
  const last = message.parts.findLastIndex((part) => part.type !== 'reasoning')
  for (const [i, part] of message.parts.entries()) {
    if (!own && i > last) {
      lose(losses, 'reasoning', 'an answer ended with it, and the vendor wants an item after it')
      break
    }
    const item = writeItem(part, context)
    if (item !== undefined) {
      flush()
      if (item !== null) input.push(item)
      continue
    }
    const mark = own ? (part.extra?.['~item'] as Extra | undefined) : undefined
    if (mark !== undefined) flush()
    const json = writePart(part, usual, own, losses)
    open ??= { content: [], extra: plain ? message.extra : mark }
    if (json !== undefined) open.content.push(json)
  }
  flush()
}

function messageItem(role: Role, content: readonly Json[], extra: Extra | undefined, own: boolean): Item {
  // A tool message of another format holds words only beside results, which are the user's.
  const item: Item = { type: 'message', role: role === 'tool' ? 'user' : role, content }
  if (!own) return item
  if (isSpelled(extra, '~untyped')) delete item.type
  if (isSpelled(extra, '~string')) item.content = content.map((part) => part.text).join('')
  return Object.assign(item, wireFields(extra))
}

/** Parts that are items of their own. Null: left out with a loss; undefined: part of a message's content. */
function writeItem(part: Part, context: InputContext): Item | null | undefined {
  switch (part.type) {
    case 'reasoning':
      return writeReasoning(part, context)
    case 'tool-call':
      return writeCall(part, context)
    case 'tool-result':
      return writeOutput(part, context)
    case 'opaque':
      // Parts of content are named `input_…` or `output_…`; everything else opaque was an item.
      return context.own && part.format === 'openai-responses' && !/^(input|output)_/.test(part.kind) ? (part.value as Item) : undefined
    default:
      return undefined
  }
}

function writeReasoning(part: PartOf<'reasoning'>, { own, target, losses }: InputContext): Item | null {
  if (!own && (!part.signature || !keepsSignature(target, part.signature))) {
    lose(losses, 'reasoning', 'only the model that made this reasoning can read it')
    return null
  }
  const item: Item = { type: 'reasoning' }
  if (part.id !== undefined) item.id = part.id
  if (part.signature !== undefined) item.encrypted_content = seal(part.signature, part.redacted)
  item.summary = part.text === '' ? [] : [{ type: 'summary_text', text: part.text }]
  return own ? Object.assign(item, wireFields(part.extra)) : item
}

function writeCall(part: PartOf<'tool-call'>, { own, freeText, freeTextCalls }: InputContext): Item {
  const extra = own ? part.extra : undefined
  const name = (extra?.['~named'] as object | undefined) ?? { name: part.name }
  if (isSpelled(extra, '~custom') || (!own && freeText.has(part.name))) {
    freeTextCalls.add(part.id)
    return { type: 'custom_tool_call', call_id: part.id, ...name, input: unwrapText(part.args), ...wireFields(extra) }
  }
  const args = part.args === '' && !own ? '{}' : part.args
  return { type: 'function_call', call_id: part.id, ...name, arguments: args, ...wireFields(extra) }
}

function writeOutput(part: PartOf<'tool-result'>, { own, losses, freeTextCalls }: InputContext): Item {
  const extra = own ? part.extra : undefined
  const custom = isSpelled(extra, '~custom') || (!own && freeTextCalls.has(part.callId))
  if (part.isError === true) lose(losses, 'tool_result.is_error', 'outputs have no error flag')
  const type = custom ? 'custom_tool_call_output' : 'function_call_output'
  return { type, call_id: part.callId, output: outputOf(part, own, losses), ...wireFields(extra) }
}

/** A string for words alone, parts for what holds more. */
function outputOf(part: PartOf<'tool-result'>, own: boolean, losses: Loss[]): unknown {
  const written = part.parts.map((p) => writePart(p, 'input_text', own, losses)).filter((json) => json !== undefined)
  if ((own && isSpelled(part.extra, '~parts')) || written.some((json) => json.type !== 'input_text')) return written
  return written.map((json) => json.text).join('\n\n')
}
