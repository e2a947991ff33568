import type { Choice, Part, StopReason, Usage, WireFormat } from '../../../src/canonical/index.js'
import { NO_USAGE } from '../../../src/canonical/index.js'
import { call } from '../neutral-requests.js'

/** What of an answer a format has no words for, as provider or as client. */
export type ReplyAspect =
  | 'choices'
  | 'logprobs'
  | 'refusal'
  | 'finish'
  | 'stopSequence'
  | 'callSignature'
  | 'cacheWrites'
  | 'redacted'
  | 'sources'

export interface ReplyCase {
  readonly name: string
  readonly choices: readonly Choice[]
  readonly usage?: Usage
  /** Aspects that do not pass where the format stands on either side. */
  readonly lost?: Partial<Record<WireFormat, readonly ReplyAspect[]>>
}

const CHAT = 'openai-chat'
const RESPONSES = 'openai-responses'
const ANTHROPIC = 'anthropic-messages'
const GEMINI = 'gemini'

const USAGE: Usage = { ...NO_USAGE, input: 20, output: 30 }
const PROBS = [{ token: 'Hi', logprob: -0.25, bytes: [72, 105], top_logprobs: [{ token: 'Hi', logprob: -0.25, bytes: [72, 105] }] }]

function saying(...parts: readonly (string | Part)[]): Choice {
  return { parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)), finish: 'stop' }
}

function ending(finish: StopReason, ...parts: readonly (string | Part)[]): Choice {
  return { ...saying(...parts), finish }
}

function thought(text: string, signature?: string): Part {
  return signature === undefined ? { type: 'reasoning', text } : { type: 'reasoning', text, signature }
}

export const REPLY_CASES: readonly ReplyCase[] = [
  { name: 'words', choices: [saying('Hello.')] },
  { name: 'words with quotes, line breaks and characters of four bytes', choices: [saying('"a"\\\n\t\u2028 Grüße 🌍 e\u0301')] },
  { name: 'a long answer', choices: [saying('word '.repeat(2000))] },
  { name: 'an answer cut at the limit', choices: [ending('length', 'Hel')] },
  {
    name: 'an answer ended by a stop sequence',
    choices: [{ ...ending('stop-sequence', 'one'), stopSequence: 'END' }],
    lost: { [CHAT]: ['finish', 'stopSequence'], [RESPONSES]: ['finish', 'stopSequence'], [GEMINI]: ['finish', 'stopSequence'] },
  },
  { name: 'an answer cut by a filter', choices: [ending('content-filter', 'I')], lost: { [ANTHROPIC]: ['finish'] } },
  {
    name: 'a refusal',
    choices: [saying({ type: 'refusal', text: 'I cannot help with that.' })],
    lost: { [ANTHROPIC]: ['refusal', 'finish'], [GEMINI]: ['refusal'] },
  },
  {
    name: 'words with sources (citations, annotations, grounding)',
    choices: [saying('Berlin.')],
    lost: { [CHAT]: ['sources'], [RESPONSES]: ['sources'], [ANTHROPIC]: ['sources'], [GEMINI]: ['sources'] },
  },
  { name: 'one call', choices: [ending('tool-calls', call('call_1', 'read', '{"path":"a","deep":{"n":1}}'))] },
  { name: 'words, then a call', choices: [ending('tool-calls', 'Reading.', call('call_1', 'read'))] },
  {
    name: 'parallel calls',
    choices: [
      ending('tool-calls', call('call_1', 'read', '{"path":"a"}'), call('call_2', 'read', '{"path":"b"}'), call('call_3', 'list', '{}')),
    ],
  },
  { name: 'a call without arguments', choices: [ending('tool-calls', call('call_1', 'list', '{}'))] },
  {
    name: 'arguments with every escape',
    choices: [ending('tool-calls', call('call_1', 'run', JSON.stringify({ cmd: 'echo "a\\b" \u0001\n😀' })))],
  },
  { name: 'reasoning before words', choices: [saying(thought('I should greet.'), 'Hello.')] },
  { name: 'signed reasoning before words', choices: [saying(thought('I should greet.', 'c2ln'), 'Hello.')] },
  { name: 'signed reasoning before a call', choices: [ending('tool-calls', thought('I should read.', 'c2ln'), call('call_1', 'read'))] },
  { name: 'reasoning without words, signed', choices: [saying(thought('', 'c2ln'), 'Hello.')] },
  {
    name: 'redacted reasoning',
    choices: [saying({ type: 'reasoning', text: '', signature: 'b3BhcXVl', redacted: true }, 'Hello.')],
    lost: { [GEMINI]: ['redacted'] },
  },
  {
    name: 'a signed call',
    choices: [ending('tool-calls', { ...call('call_1', 'read'), signature: 'c2ln' } as Part)],
    lost: { [RESPONSES]: ['callSignature'], [ANTHROPIC]: ['callSignature'] },
  },
  {
    name: 'two answers',
    choices: [saying('Heads.'), ending('length', 'Tai')],
    lost: { [RESPONSES]: ['choices'], [ANTHROPIC]: ['choices'] },
  },
  { name: 'log probabilities', choices: [{ ...saying('Hi'), logprobs: PROBS }], lost: { [ANTHROPIC]: ['logprobs'] } },
  { name: 'no words at all', choices: [saying()] },
  { name: 'cached tokens', choices: [saying('Hi')], usage: { ...USAGE, cacheRead: 100 } },
  {
    name: 'cache writes of both lifetimes',
    choices: [saying('Hi')],
    usage: { ...USAGE, cacheRead: 0, cacheWrite5m: 7, cacheWrite1h: 5 },
    lost: { [CHAT]: ['cacheWrites'], [RESPONSES]: ['cacheWrites'], [GEMINI]: ['cacheWrites'] },
  },
  { name: 'tokens of reasoning', choices: [saying('Hi')], usage: { ...USAGE, reasoning: 12 } },
]

export function usageOf(test: ReplyCase): Usage {
  return test.usage ?? USAGE
}
