import type { Choice, Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import { isRecord, type Json, present } from '../json.js'
import { readFinish } from './finish.js'
import { readAssistant, readContent } from './read-message.js'
import { readUsage } from './usage.js'

/** A whole `chat.completion`. Throws E_UPSTREAM when it is none. */
export function readReply(body: unknown): Reply {
  if (!isRecord(body) || !Array.isArray(body.choices))
    throw new Fault('E_UPSTREAM', 'The provider answered with something that is no chat completion.')
  return {
    choices: body.choices.filter(isRecord).map(readChoice),
    usage: readUsage(body),
    ...present({
      id: typeof body.id === 'string' ? body.id : undefined,
      model: typeof body.model === 'string' ? body.model : undefined,
      created: typeof body.created === 'number' ? body.created : undefined,
    }),
  }
}

function readChoice(choice: Json): Choice {
  const message: Json = isRecord(choice.message) ? choice.message : {}
  const parts = readAssistant(message, readContent(message.content, 'message.content'), 'message')
  const raw = typeof choice.finish_reason === 'string' ? choice.finish_reason : undefined
  const logprobs = isRecord(choice.logprobs) && Array.isArray(choice.logprobs.content) ? (choice.logprobs.content as unknown[]) : undefined
  const hasCalls = parts.some((p) => p.type === 'tool-call')
  return { parts, finish: readFinish(raw ?? 'stop', hasCalls), ...present({ rawFinish: raw, logprobs }) }
}
