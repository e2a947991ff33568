import type { Message, Request, Sampling, Tool, WireFormat } from '../../../src/canonical/index.js'
import { assistant, call, result, user } from '../neutral-requests.js'
import type { Aspect } from './aspects.js'

/** A request in neutral form and what of it cannot be said: by a client of a format, or to a provider of one. */
export interface RequestCase {
  readonly name: string
  readonly messages: readonly Message[]
  readonly rest?: Partial<Request>
  /** Formats whose clients have no words for this; they cannot ask it. */
  readonly unsayable?: readonly WireFormat[]
  /** Aspects that do not arrive at a provider of the format. Anything not named here must arrive. */
  readonly lost?: Partial<Record<WireFormat, readonly Aspect[]>>
}

const CHAT = 'openai-chat'
const RESPONSES = 'openai-responses'
const ANTHROPIC = 'anthropic-messages'
const GEMINI = 'gemini'

const HI = [user('hi')]
const PNG = { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } as const
const PDF = { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0xLjQ=' } as const
const SCHEMA = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'where' },
    deep: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  },
  required: ['path'],
} as const
const STRICT = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'], additionalProperties: false } as const
const READ: Tool = { type: 'function', name: 'read', description: 'Reads a file.', schema: SCHEMA }
const WRITE: Tool = { type: 'function', name: 'write', description: 'Writes a file.', schema: { type: 'object', properties: {} } }
const LIST: Tool = { ...WRITE, name: 'list' }
const TOOLS = { tools: [READ, WRITE] }
const LOCATION = { type: 'approximate', country: 'DE' }
const PLACES = { type: 'web_search', filters: { allowed_domains: ['example.org'] }, user_location: LOCATION }

function sampling(s: Sampling): Partial<Request> {
  return { sampling: s }
}

export const REQUEST_CASES: readonly RequestCase[] = [
  { name: 'one question', messages: HI },
  { name: 'a streamed answer', messages: HI, rest: { stream: true } },
  { name: 'text with quotes, line breaks and characters of four bytes', messages: [user('"a"\\\n\t\u2028 Grüße 🌍 e\u0301')] },
  { name: 'several texts in one message', messages: [user('first', 'second')] },
  { name: 'a system prompt', messages: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }, ...HI] },
  {
    name: 'a developer prompt',
    messages: [{ role: 'developer', parts: [{ type: 'text', text: 'Be brief.' }] }, ...HI],
    unsayable: [ANTHROPIC, GEMINI],
  },
  {
    name: 'a system message in mid-conversation',
    messages: [user('hi'), assistant('hello'), { role: 'system', parts: [{ type: 'text', text: 'Now in French.' }] }, user('again')],
    unsayable: [GEMINI],
    lost: { [ANTHROPIC]: ['turns'], [GEMINI]: ['turns'] },
  },
  { name: 'a conversation', messages: [user('hi'), assistant('hello'), user('bye')] },
  { name: 'a prefilled answer', messages: [user('count'), assistant('one, two')] },
  { name: 'an image as bytes', messages: [user('what is it', { type: 'image', source: PNG })] },
  {
    name: 'an animated image',
    messages: [user('what is it', { type: 'image', source: { ...PNG, mediaType: 'image/gif' } })],
    unsayable: [GEMINI],
    lost: { [GEMINI]: ['turns'] },
  },
  { name: 'an image by URL', messages: [user('what is it', { type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' } })] },
  {
    name: 'a level of image detail',
    messages: [user({ type: 'image', source: PNG, detail: 'high' })],
    unsayable: [ANTHROPIC, GEMINI],
    lost: { [ANTHROPIC]: ['detail'], [GEMINI]: ['detail'] },
  },
  { name: 'a PDF as bytes', messages: [user('sum up', { type: 'file', source: PDF })] },
  {
    name: 'a named PDF',
    messages: [user('sum up', { type: 'file', source: PDF, filename: 'a.pdf' })],
    unsayable: [GEMINI],
    lost: { [GEMINI]: ['filename'] },
  },
  {
    name: 'a PDF by URL',
    messages: [user('sum up', { type: 'file', source: { kind: 'url', url: 'https://x.test/a.pdf' } })],
    unsayable: [CHAT],
    lost: { [CHAT]: ['turns'] },
  },
  {
    name: 'audio',
    messages: [user('transcribe', { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklGRg==' } })],
    unsayable: [ANTHROPIC],
    lost: { [ANTHROPIC]: ['turns'] },
  },
  { name: 'a tool with a nested schema', messages: HI, rest: { tools: [READ] } },
  {
    name: 'a strict tool',
    messages: HI,
    rest: { tools: [{ ...READ, schema: STRICT, strict: true }] },
    unsayable: [GEMINI],
    lost: { [ANTHROPIC]: ['strict'], [GEMINI]: ['strict'] },
  },
  { name: 'tool choice: auto', messages: HI, rest: { ...TOOLS, toolChoice: 'auto' } },
  { name: 'tool choice: none', messages: HI, rest: { ...TOOLS, toolChoice: 'none' } },
  { name: 'tool choice: any tool', messages: HI, rest: { ...TOOLS, toolChoice: 'required' } },
  { name: 'tool choice: this tool', messages: HI, rest: { ...TOOLS, toolChoice: { name: 'read' } } },
  {
    name: 'tool choice: some tools',
    messages: HI,
    rest: { tools: [READ, WRITE, LIST], toolChoice: { allowed: ['read', 'list'], mode: 'required' } },
    unsayable: [ANTHROPIC],
    lost: { [ANTHROPIC]: ['tools', 'toolChoice'] },
  },
  {
    name: 'one call at a time',
    messages: HI,
    rest: { ...TOOLS, toolChoice: 'auto', parallelToolCalls: false },
    unsayable: [GEMINI],
    lost: { [GEMINI]: ['parallel'] },
  },
  {
    name: 'a call and its result',
    messages: [user('read a'), assistant('Reading.', call('call_1', 'read', '{"path":"a"}')), result('call_1', 'text of a')],
    rest: TOOLS,
  },
  {
    name: 'parallel calls and their results',
    messages: [
      user('read both'),
      assistant(call('call_1', 'read', '{"path":"a"}'), call('call_2', 'read', '{"path":"b"}')),
      { role: 'tool', parts: [...result('call_1', 'text of a').parts, ...result('call_2', 'text of b').parts] },
      user('and now'),
    ],
    rest: TOOLS,
  },
  {
    name: 'a call without arguments',
    messages: [user('go'), assistant(call('call_1', 'write', '{}')), result('call_1', 'done')],
    rest: TOOLS,
  },
  {
    name: 'a failed call',
    messages: [user('go'), assistant(call('call_1', 'read')), result('call_1', 'no such file', { isError: true })],
    rest: TOOLS,
    unsayable: [CHAT, RESPONSES],
    lost: { [CHAT]: ['isError'], [RESPONSES]: ['isError'] },
  },
  {
    name: 'an image in a result',
    messages: [
      user('go'),
      assistant(call('call_1', 'read')),
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            callId: 'call_1',
            parts: [
              { type: 'text', text: 'shot' },
              { type: 'image', source: PNG },
            ],
          },
        ],
      },
    ],
    rest: TOOLS,
    unsayable: [CHAT],
    lost: { [CHAT]: ['turns'] },
  },
  {
    name: 'an empty result',
    messages: [
      user('go'),
      assistant(call('call_1', 'read')),
      { role: 'tool', parts: [{ type: 'tool-result', callId: 'call_1', parts: [] }] },
    ],
    rest: TOOLS,
  },
  {
    name: 'a hosted search',
    messages: HI,
    rest: { tools: [READ, { type: 'hosted', name: 'web_search', format: RESPONSES, value: { type: 'web_search' }, search: {} }] },
    unsayable: [CHAT],
    lost: { [CHAT]: ['tools'] },
  },
  {
    name: 'a hosted search of some places',
    messages: HI,
    rest: {
      tools: [
        {
          type: 'hosted',
          name: 'web_search',
          format: RESPONSES,
          value: PLACES,
          search: { allowedDomains: ['example.org'], location: LOCATION },
        },
      ],
    },
    unsayable: [CHAT, GEMINI],
    lost: { [CHAT]: ['tools', 'search'], [GEMINI]: ['search'] },
  },
  {
    name: 'another hosted tool',
    messages: HI,
    rest: { tools: [READ, { type: 'hosted', name: 'code_interpreter', format: RESPONSES, value: { type: 'code_interpreter' } }] },
    unsayable: [CHAT, ANTHROPIC, GEMINI],
    lost: { [CHAT]: ['tools'], [ANTHROPIC]: ['tools'], [GEMINI]: ['tools'] },
  },
  {
    name: 'a free-text tool',
    messages: HI,
    rest: {
      tools: [{ type: 'grammar', name: 'patch', format: RESPONSES, value: { type: 'custom', name: 'patch', description: 'Patches.' } }],
    },
    unsayable: [CHAT, ANTHROPIC, GEMINI],
  },
  {
    name: 'a tool bound by a grammar',
    messages: HI,
    rest: {
      tools: [
        {
          type: 'grammar',
          name: 'patch',
          format: RESPONSES,
          value: { type: 'custom', name: 'patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
        },
      ],
    },
    unsayable: [CHAT, ANTHROPIC, GEMINI],
    lost: { [ANTHROPIC]: ['grammar'], [GEMINI]: ['grammar'] },
  },
  { name: 'an output limit', messages: HI, rest: { maxOutputTokens: 500 } },
  { name: 'temperature', messages: HI, rest: sampling({ temperature: 0.3 }) },
  { name: 'top_p', messages: HI, rest: sampling({ topP: 0.9 }) },
  { name: 'top_k', messages: HI, rest: sampling({ topK: 40 }), unsayable: [RESPONSES], lost: { [CHAT]: ['topK'], [RESPONSES]: ['topK'] } },
  {
    name: 'stop sequences',
    messages: HI,
    rest: sampling({ stop: ['END', '###'] }),
    unsayable: [RESPONSES],
    lost: { [RESPONSES]: ['stop'] },
  },
  {
    name: 'penalties',
    messages: HI,
    rest: sampling({ frequencyPenalty: 0.5, presencePenalty: 0.2 }),
    unsayable: [RESPONSES, ANTHROPIC],
    lost: { [RESPONSES]: ['penalties'], [ANTHROPIC]: ['penalties'] },
  },
  {
    name: 'a seed',
    messages: HI,
    rest: sampling({ seed: 7 }),
    unsayable: [RESPONSES, ANTHROPIC],
    lost: { [RESPONSES]: ['seed'], [ANTHROPIC]: ['seed'] },
  },
  {
    name: 'log probabilities',
    messages: HI,
    rest: sampling({ logprobs: true, topLogprobs: 3 }),
    unsayable: [ANTHROPIC],
    lost: { [ANTHROPIC]: ['logprobs'] },
  },
  {
    name: 'a bias on tokens',
    messages: HI,
    rest: sampling({ logitBias: { '50256': -100 } }),
    unsayable: [RESPONSES, ANTHROPIC, GEMINI],
    lost: { [RESPONSES]: ['logitBias'], [ANTHROPIC]: ['logitBias'], [GEMINI]: ['logitBias'] },
  },
  {
    name: 'several answers',
    messages: HI,
    rest: sampling({ n: 2 }),
    unsayable: [RESPONSES, ANTHROPIC],
    lost: { [RESPONSES]: ['n'], [ANTHROPIC]: ['n'] },
  },
  {
    name: 'JSON without a schema',
    messages: [user('three colours as JSON')],
    rest: { output: { type: 'json' } },
    unsayable: [ANTHROPIC],
    lost: { [ANTHROPIC]: ['output'] },
  },
  { name: 'JSON by a schema', messages: HI, rest: { output: { type: 'json-schema', name: 'answer', schema: SCHEMA } } },
  { name: 'reasoning effort', messages: HI, rest: { reasoning: { effort: 'high' } }, unsayable: [] },
  {
    name: 'a thinking budget',
    messages: HI,
    rest: { reasoning: { mode: 'enabled', budgetTokens: 8000 }, maxOutputTokens: 20_000 },
    unsayable: [CHAT, RESPONSES],
    lost: { [CHAT]: ['budget'], [RESPONSES]: ['budget'], [GEMINI]: ['budget'] },
  },
  { name: 'no reasoning', messages: HI, rest: { reasoning: { mode: 'off' } }, lost: { [GEMINI]: ['effort'] } },
  {
    name: 'signed reasoning back to its own model',
    messages: [
      user('go'),
      assistant({ type: 'reasoning', text: 'I will read.', signature: 'c2lnbmVk' }, call('call_1', 'read')),
      result('call_1'),
    ],
    rest: TOOLS,
  },
  {
    name: 'redacted reasoning',
    messages: [
      user('go'),
      assistant({ type: 'reasoning', text: '', signature: 'b3BhcXVl', redacted: true }, call('call_1', 'read')),
      result('call_1'),
    ],
    rest: TOOLS,
    unsayable: [GEMINI],
    lost: { [GEMINI]: ['turns'] },
  },
  {
    name: 'cache marks',
    messages: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.', cache: { ttl: '5m' } }] }, ...HI],
    unsayable: [CHAT, RESPONSES, GEMINI],
    lost: { [CHAT]: ['cache'], [RESPONSES]: ['cache'], [GEMINI]: ['cache'] },
  },
  {
    name: 'a name of the speaker',
    messages: [{ ...user('hi'), name: 'alice' }],
    unsayable: [RESPONSES, ANTHROPIC, GEMINI],
    lost: { [RESPONSES]: ['name'], [ANTHROPIC]: ['name'], [GEMINI]: ['name'] },
  },
]
