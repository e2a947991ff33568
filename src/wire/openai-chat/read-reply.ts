import type { Choice, Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import { fromUpstream, isRecord, type Json, present, recordOf, recordsIn } from '../json.js'
import { replyHead } from '../reply-head.js'
import { readFinish } from './finish.js'
import { readAssistant, readContent } from './read-message.js'
import { makeCallId } from './read-tool-calls.js'
import { readUsage } from './usage.js'

/** An answer without choices, which some gateways give instead of an error, is none: clients read the first one unasked. */
export function isReply(body: unknown): body is Json {
  return isRecord(body) && recordsIn(body.choices).length > 0
}

/** A complete `chat.completion`. Throws E_UPSTREAM for anything else. */
export function readReply(body: unknown): Reply {
  if (!isReply(body)) throw new Fault('E_UPSTREAM', 'The provider answered with something that is no chat completion.')
  return {
    choices: fromUpstream(() => recordsIn(body.choices).map((choice, i) => readChoice(choice, String(body.id ?? ''), i))),
    usage: readUsage(body),
    ...replyHead(body.id, body.model, body.created),
  }
}

function readChoice(choice: Json, answerId: string, index: number): Choice {
  const message = withCallIds(recordOf(choice.message), answerId, index)
  const parts = readAssistant(withReasoningOnce(message), readContent(message.content, 'message.content'), 'message')
  const raw = typeof choice.finish_reason === 'string' ? choice.finish_reason : undefined
  const logprobs = isRecord(choice.logprobs) && Array.isArray(choice.logprobs.content) ? (choice.logprobs.content as unknown[]) : undefined
  const hasCalls = parts.some((p) => p.type === 'tool-call')
  return { parts, finish: readFinish(raw ?? 'stop', hasCalls), ...present({ rawFinish: raw, logprobs }) }
}

/** vLLM says its reasoning under the old and the new name at once (github.com/vllm-project/vllm/pull/27752, until /pull/33402). */
function withReasoningOnce(message: Json): Json {
  if (message.reasoning === undefined || message.reasoning !== message.reasoning_content) return message
  const { reasoning: _, ...rest } = message
  return rest
}

/** Some servers leave out ids of calls, without which their results could not be told apart. */
function withCallIds(message: Json, answerId: string, choice: number): Json {
  if (!Array.isArray(message.tool_calls)) return message
  const calls = (message.tool_calls as unknown[]).map((call, i) =>
    isRecord(call) && !call.id ? { ...call, id: makeCallId(answerId, choice, i) } : call,
  )
  return { ...message, tool_calls: calls }
}
