import type { Message, Usage } from '../../canonical/index.js'
import { listOf, remembered } from '../../kit/index.js'
import { openConversation, orDamaged, readFragment } from '../conversation.js'
import { emitCall, isNew } from '../emit-call.js'
import { count, type Fields, fields, text, timeMs } from '../fields.js'
import type { LogReader, ReaderContext } from '../types.js'

const FORMAT = 'anthropic-messages'
const TOOLS = ['Bash', 'Edit', 'Read', 'Write']

/** An answer that is written block by block: one line each, all with the same message id and each with usage. */
interface Answer {
  readonly key: string
  readonly line: number
  readonly model: string
  readonly session: string | null
  readonly sideChain: string | null
  readonly askedAtMs: number
  /** Messages before it. */
  readonly length: number
  readonly blocks: unknown[]
  readonly firstMs: number
  usage: Usage
  endMs: number
}

/**
 * Claude Code's session files. A message is counted once, by message and request id, also across files (a resumed session repeats the
 * original one). Of its lines the one with the most output counts, since early ones may be written before the end is known. Lines other
 * than user and model messages do not matter and are not even parsed.
 */
export function openClaudeCode(context: ReaderContext): LogReader {
  const conversationOf = remembered((_sideChain: string | null) => openConversation(FORMAT, TOOLS))
  const answers = new Map<string | null, Answer>()

  function user(row: Fields, message: Fields, n: number): void {
    const conversation = conversationOf(sideChainOf(row))
    // Anything before a summary is no longer sent.
    if (row.isCompactSummary === true) {
      finish(sideChainOf(row))
      conversation.messages.length = 0
    }
    for (const m of convert(message.role, message.content, n)) conversation.messages.push(m)
    conversation.askedAtMs = timeMs(row.timestamp) ?? conversation.askedAtMs
  }

  function assistant(row: Fields, message: Fields, n: number): void {
    const sideChain = sideChainOf(row)
    const conversation = conversationOf(sideChain)
    const session = text(row.sessionId)
    const id = text(message.id)
    const request = text(row.requestId)
    const key = id === null ? `line ${context.file}:${n}` : `${id}|${request ?? `session ${session}`}`
    const atMs = timeMs(row.timestamp) ?? conversation.askedAtMs ?? 0
    const usage = readUsage(fields(message.usage) ?? {})
    const open = answers.get(sideChain)
    if (open !== undefined && open.key === key) {
      open.blocks.push(...listOf(message.content))
      open.endMs = Math.max(open.endMs, atMs)
      if ((usage.output ?? 0) > (open.usage.output ?? 0)) open.usage = usage
      return
    }
    finish(sideChain)
    const model = text(message.model) ?? 'unknown'
    const blocks = [...listOf(message.content)]
    const askedAtMs = Math.min(conversation.askedAtMs ?? atMs, atMs)
    answers.set(sideChain, {
      key,
      line: n,
      model,
      session,
      sideChain,
      askedAtMs,
      length: conversation.messages.length,
      blocks,
      usage,
      firstMs: atMs,
      endMs: atMs,
    })
    // Its place in the conversation; tool results may be logged between its blocks.
    conversation.messages.push(PENDING)
  }

  function finish(sideChain: string | null): void {
    const answer = answers.get(sideChain)
    if (answer === undefined) return
    answers.delete(sideChain)
    const conversation = conversationOf(sideChain)
    const reply = convert('assistant', answer.blocks, answer.line)
    conversation.messages.splice(answer.length, 1, ...reply)
    const { key, usage, model } = answer
    if (model === '<synthetic>' && !usage.input && !usage.output) return
    if (!isFirst(key, sideChain !== null)) return
    conversation.turns++
    emitCall(context, 'claude-code', key, answer.firstMs, {
      line: answer.line,
      session: answer.session,
      sideChain,
      turn: conversation.turns,
      atMs: answer.askedAtMs,
      endMs: answer.endMs,
      model,
      provider: 'anthropic',
      format: FORMAT,
      usage,
      request: conversation.request(model, answer.length),
      reply,
    })
    conversation.sawTools(reply)
  }

  /** A message that both the main conversation and a side-chain log has one id and two requests. */
  function isFirst(key: string, side: boolean): boolean {
    if (key.startsWith('line ')) return true
    const [id] = key.split('|')
    if (context.seen.has(`${side ? 'main' : 'side'} ${id}`) || !isNew(context, key)) return false
    context.seen.add(`${side ? 'side' : 'main'} ${id}`)
    return true
  }

  function convert(role: unknown, content: unknown, n: number): readonly Message[] {
    return orDamaged(context, n, () => readFragment(FORMAT, { messages: [{ role, content }] }))
  }

  return {
    line(bytes, n) {
      if (!matters(bytes)) return
      const row = fields(JSON.parse(bytes.toString()))
      const message = fields(row?.message)
      if (row === null || message === null) return
      if (row.type === 'user') user(row, message, n)
      else if (row.type === 'assistant') assistant(row, message, n)
    },
    end() {
      for (const sideChain of [...answers.keys()]) finish(sideChain)
    },
  }
}

const PENDING: Message = { role: 'assistant', parts: [] }

function sideChainOf(row: Fields): string | null {
  return row.isSidechain === true ? (text(row.agentId) ?? 'side-chain') : null
}

/** Bytes that are enough to recognise the kind of line. */
const HEAD = 320

/** Most bytes of a log are attachments and copies of requests: they are recognised by their beginning. */
function matters(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, HEAD)
  if (head.startsWith('{"type":"')) return head.startsWith('user"', 9) || head.startsWith('assistant"', 9)
  return !head.includes('"attachment":{') && !head.includes('"type":"system"') && !head.includes('"type":"progress"')
}

function readUsage(usage: Fields): Usage {
  const written = count(usage.cache_creation_input_tokens)
  const byTtl = fields(usage.cache_creation)
  const hour = count(byTtl?.ephemeral_1h_input_tokens) ?? 0
  return {
    input: count(usage.input_tokens),
    cacheRead: count(usage.cache_read_input_tokens),
    cacheWrite5m: byTtl === null ? written : (count(byTtl.ephemeral_5m_input_tokens) ?? Math.max(0, (written ?? 0) - hour)),
    cacheWrite1h: byTtl === null ? null : hour,
    output: count(usage.output_tokens),
    reasoning: count(fields(usage.output_tokens_details)?.thinking_tokens),
    raw: usage,
  }
}
