import { encodeSse } from '../../kit/index.js'
import type { PlannedAnswer } from './plan-answer.js'

export interface ChatHead {
  readonly id: string
  readonly model: string
  /** Seconds since the epoch. */
  readonly created: number
}

export interface ChatUsage {
  readonly promptTokens: number
  readonly cachedTokens: number
}

/** Marks every answer of the sandbox. */
const FINGERPRINT = 'simulated'

export function writeJson(head: ChatHead, answers: readonly PlannedAnswer[], usage: ChatUsage): string {
  return JSON.stringify({
    ...head,
    object: 'chat.completion',
    system_fingerprint: FINGERPRINT,
    choices: answers.map((a, index) => ({
      index,
      message: {
        role: 'assistant',
        content: a.toolCall === null ? a.text : null,
        refusal: null,
        ...(a.toolCall === null ? {} : { tool_calls: [toolCall(a.toolCall)] }),
      },
      logprobs: null,
      finish_reason: a.finish,
    })),
    usage: writeUsage(answers, usage),
  })
}

/** Pieces of the stream in order; those between the first and the last two carry the text, spread over time by the caller. */
export function writePieces(head: ChatHead, answers: readonly PlannedAnswer[], usage: ChatUsage | null, seen: ChatUsage): string[] {
  const chunk = (choices: readonly unknown[], extra: Readonly<Record<string, unknown>> = {}): string =>
    encodeSse(JSON.stringify({ ...head, object: 'chat.completion.chunk', system_fingerprint: FINGERPRINT, choices, ...extra }))
  const delta = (index: number, d: unknown, finish: string | null = null): string =>
    chunk([{ index, delta: d, logprobs: null, finish_reason: finish }])
  const pieces: string[] = []
  answers.forEach((a, index) => {
    pieces.push(delta(index, { role: 'assistant', content: a.toolCall === null ? '' : null, refusal: null }))
    if (a.toolCall === null) for (const word of splitText(a.text)) pieces.push(delta(index, { content: word }))
    else {
      pieces.push(delta(index, { tool_calls: [{ index: 0, ...toolCall({ ...a.toolCall, args: '' }) }] }))
      for (const part of splitText(a.toolCall.args))
        pieces.push(delta(index, { tool_calls: [{ index: 0, function: { arguments: part } }] }))
    }
  })
  const ends = answers.map((a, index) => delta(index, {}, a.finish)).join('')
  return [...pieces, ends, `${usage === null ? '' : chunk([], { usage: writeUsage(answers, seen) })}${encodeSse('[DONE]')}`]
}

function toolCall(call: { readonly id: string; readonly name: string; readonly args: string }): Readonly<Record<string, unknown>> {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.args } }
}

function writeUsage(answers: readonly PlannedAnswer[], { promptTokens, cachedTokens }: ChatUsage): unknown {
  const sum = (of: (a: PlannedAnswer) => number): number => answers.reduce((total, a) => total + of(a), 0)
  const completion = sum((a) => a.outputTokens)
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: sum((a) => a.reasoningTokens) },
  }
}

/** Words with the space before them, never splitting a surrogate pair. */
function splitText(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? (text === '' ? [] : [text])
}
