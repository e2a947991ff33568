import type { Message, Reply, Request, WireFormat } from '../canonical/index.js'
import { nanoFromUsd } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import { judgePrompt, readGrade, upperBound } from '../policy/index.js'
import { askExtra } from './ask-extra.js'
import type { DecidedCall } from './call.js'
import type { RouterPorts } from './router-ports.js'

/** A grade is one short JSON object; reasoning models think first. */
export const GRADE_TOKENS = 512
const CHARS_PER_TOKEN = 4

interface Grade {
  /** 0 to 1; null when the judge gave none, and then it is not heard. */
  readonly score: number | null
  readonly row: AttemptRow
}

/** Has the profile's judging model grade an answer; null when there is none, when it is resting, or when asking could cost more than it may. */
export async function askJudge(call: DecidedCall, reply: Reply, n: number, leftMs: number, ports: RouterPorts): Promise<Grade | null> {
  const { judge } = call.policy.cascade
  const model = judge === undefined ? undefined : call.setup.byId.get(judge.model)
  if (judge === undefined || model === undefined) return null
  const text = judgePrompt(lastWords(call.request.messages), answerText(reply))
  const inputTokens = Math.ceil(text.length / CHARS_PER_TOKEN)
  const [state] = ports.outlook.models([model.rev], call.signals, ports.clock.now())
  const bound = state === undefined ? null : upperBound(state, inputTokens, GRADE_TOKENS)
  if (bound === null || bound > nanoFromUsd(judge.maxUsdPerCall)) return null
  const request = judgeQuestion(text, model.rev.id, call.request.format)
  const asked = await askExtra(call, model, { purpose: 'judge', n, request, inputTokens, leftMs }, ports)
  if (asked === null) return null
  return { row: asked.row, score: asked.answer === null ? null : readGrade(answerText(asked.answer)) }
}

/** The question to a judging model: one message, a short answer. */
export function judgeQuestion(text: string, model: string, format: WireFormat): Request {
  const messages: readonly Message[] = [{ role: 'user', parts: [{ type: 'text', text }] }]
  return { format, model, messages, tools: [], sampling: {}, maxOutputTokens: GRADE_TOKENS, stream: false }
}

/** What the user asked last or, inside a tool loop, what the tools returned. */
export function lastWords(messages: readonly Message[]): string {
  const asked = messages.findLast((m) => m.role === 'user' && m.parts.some((p) => p.type === 'text'))
  return (asked?.parts ?? []).map((p) => (p.type === 'text' ? p.text : '')).join('\n')
}

/** The words of an answer, and the tools that it calls. */
export function answerText({ choices }: Reply): string {
  const parts = choices[0]?.parts ?? []
  return parts.map((p) => (p.type === 'text' ? p.text : p.type === 'tool-call' ? `${p.name}(${p.args})` : '')).join('\n')
}
