import type { Message } from '../../canonical/index.js'
import { listOf } from '../../kit/index.js'
import { openConversation, orDamaged } from '../conversation.js'
import { emitCall, isNew } from '../emit-call.js'
import { count, type Fields, fields, text, timeMs } from '../fields.js'
import { geminiUsage, readParts } from '../gemini-parts.js'
import type { LogReader, ReaderContext } from '../types.js'

const FORMAT = 'gemini'
const TOOLS = ['read_file', 'replace', 'run_shell_command', 'write_file']

/**
 * Gemini CLI's chats: JSON Lines, or one JSON object in older versions. An answer is written again under its id as its tool calls end. The
 * last of these lines counts, so an answer is returned when the next message arrives.
 */
export function openGeminiCli(context: ReaderContext): LogReader {
  let conversation = openConversation(FORMAT, TOOLS)
  let session: string | null = null
  let answer: { readonly row: Fields; readonly line: number; readonly length: number } | null = null
  let whole: Buffer[] | null = null

  function finish(): void {
    if (answer === null) return
    const { row, line, length } = answer
    answer = null
    const reply = convert('model', answerParts(row), line)
    conversation.messages.splice(length, 0, ...reply)
    const tokens = fields(row.tokens)
    const key = `${session}|${text(row.id) ?? line}`
    if (tokens === null || !isNew(context, key)) return
    const endMs = timeMs(row.timestamp) ?? 0
    const model = text(row.model) ?? 'unknown'
    const counts = {
      ...{ prompt: count(tokens.input), cached: count(tokens.cached), candidates: count(tokens.output) },
      ...{ thoughts: count(tokens.thoughts), tool: count(tokens.tool), total: count(tokens.total) },
    }
    conversation.turns++
    emitCall(context, 'gemini-cli', key, endMs, {
      line,
      session,
      turn: conversation.turns,
      atMs: Math.min(conversation.askedAtMs ?? endMs, endMs),
      endMs,
      model,
      provider: 'google',
      format: FORMAT,
      usage: geminiUsage(counts, tokens),
      request: conversation.request(model, length),
      reply,
    })
    conversation.sawTools(reply)
  }

  function message(row: Fields, n: number): void {
    if (row.type === 'gemini') {
      if (answer?.row.id !== row.id) finish()
      answer = { row, line: answer?.line ?? n, length: answer?.length ?? conversation.messages.length }
    } else if (row.type === 'user') {
      finish()
      conversation.messages.push(...convert('user', userParts(row), n))
      conversation.askedAtMs = timeMs(row.timestamp) ?? conversation.askedAtMs
    }
  }

  function convert(role: 'user' | 'model', parts: readonly unknown[], n: number): readonly Message[] {
    return orDamaged(context, n, () => readParts(role, parts))
  }

  function row(value: Fields, n: number): void {
    session = text(value.sessionId) ?? session
    const replaced = fields(value.$set)?.messages ?? value.messages
    if (Array.isArray(replaced)) {
      finish()
      conversation = openConversation(FORMAT, TOOLS, conversation.turns)
      for (const m of replaced) message(fields(m) ?? {}, n)
    } else message(value, n)
  }

  return {
    line(bytes, n) {
      if (whole === null && n === 1 && bytes.toString().trim() === '{') whole = []
      if (whole !== null) whole.push(Buffer.from(bytes))
      else row(fields(JSON.parse(bytes.toString())) ?? {}, n)
    },
    end() {
      if (whole !== null) row(fields(JSON.parse(Buffer.concat(whole).toString())) ?? {}, 1)
      finish()
    },
  }
}

function userParts(row: Fields): readonly unknown[] {
  return typeof row.content === 'string' ? [{ text: row.content }] : listOf(row.content)
}

function answerParts(row: Fields): readonly unknown[] {
  const said = typeof row.content === 'string' ? (row.content === '' ? [] : [{ text: row.content }]) : listOf(row.content)
  const calls = listOf(row.toolCalls).map((call) => {
    const { name, args, id } = fields(call) ?? {}
    return { functionCall: { name, args, ...(typeof id === 'string' ? { id } : {}) } }
  })
  return [...said, ...calls]
}
