import type { JsonPath, Target } from '../codec.js'
import { isRecord, type Json } from '../json.js'

/** Of an answer's fields, those that OpenAI alone takes back. */
const OPENAI_ONLY = ['refusal', 'annotations', 'audio']
const NOBODYS = ['tool_calls', 'function_call', 'reasoning', 'reasoning_details']

/**
 * Refusals, and fields without a value, which come back where a client puts an answer's whole message into its history, and which other servers refuse
 * than the one that said it (github.com/openai/openai-python/issues/2061, github/copilot-sdk/issues/2061, diegosouzapw/OmniRoute/pull/4350).
 */
export function findUnknown(messages: readonly unknown[], { accepts }: Target): JsonPath[] {
  const openai = accepts.developerRole
  // Servers with a closed list of fields do not take sources either; OpenRouter wants those of files back.
  const closed = accepts.refuses.includes('reasoning_content')
  if (openai && !closed) return []
  const fields = openai ? NOBODYS : [...OPENAI_ONLY, ...NOBODYS]
  const refused = (message: Json, key: string): boolean =>
    key !== accepts.reasoningField &&
    message[key] !== undefined &&
    (isEmpty(message[key]) || key === 'refusal' || (key === 'annotations' && closed))
  const named = closed && accepts.refuses.includes('foreign_call_ids')
  return messages.flatMap((message, i) => {
    if (!isRecord(message)) return []
    const found = message.role === 'assistant' ? fields.filter((key) => refused(message, key)) : []
    // Mistral knows the names of tools only: "extra_forbidden" of "user.name" (github.com/Gage-Technologies/mistral-go/issues/3).
    if (named && message.name !== undefined && message.role !== 'tool') found.push('name')
    return found.map((key) => ['messages', i, key])
  })
}

/**
 * Answers that say nothing without what will be `dropped` of them: refused in a history by all but OpenAI, which takes an empty string
 * (github.com/vllm-project/vllm/issues/21089). The last message is what the answer is to begin with.
 */
export function findSilent(messages: readonly unknown[], dropped: readonly JsonPath[], { accepts }: Target): ReadonlySet<number> {
  const openai = accepts.developerRole
  if (openai && !accepts.refuses.includes('reasoning_content')) return new Set()
  const gone = new Set(dropped.filter((path) => path.length === 3).map((path) => path.slice(1).join('.')))
  const says = (message: Json, i: number, key: string): boolean =>
    key !== 'role' && key !== 'name' && !isEmpty(message[key]) && message[key] !== '' && !gone.has(`${i}.${key}`)
  const silent = messages.flatMap((message, i) =>
    isRecord(message) &&
    message.role === 'assistant' &&
    !(openai && message.content === '') &&
    !Object.keys(message).some((key) => says(message, i, key))
      ? [i]
      : [],
  )
  return new Set(silent.filter((i) => i < messages.length - 1))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}
