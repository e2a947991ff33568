import { type Loss, WIRE_FORMATS, type WireFormat } from '../../../src/canonical/index.js'
import { cross } from './pairs.js'
import { REPLY_CASES, type ReplyAspect } from './reply-cases.js'
import { REQUEST_CASES } from './request-cases.js'

const NAMES: Readonly<Record<WireFormat, string>> = {
  'openai-chat': 'OpenAI chat',
  'openai-responses': 'OpenAI Responses',
  'anthropic-messages': 'Anthropic Messages',
  gemini: 'Gemini',
}

const REPLY_WORDS: Readonly<Record<ReplyAspect, string>> = {
  choices: 'only the first answer',
  logprobs: 'no log probabilities',
  refusal: 'a refusal is plain words',
  finish: 'the reason is the nearest one',
  stopSequence: 'which sequence it was is not said',
  callSignature: 'the signature stands before the call',
  cacheWrites: 'both lifetimes as one number, or as plain input',
  redacted: 'redacted reasoning is left out',
  sources: 'the words arrive without them',
}

const INTRO = `# What is lost between wire formats

A request that reaches a provider of its own format is relayed: its bytes pass unchanged except for the recorded splices, and nothing below applies.
One thing changes in every request: half of a surrogate pair, which most vendors take for broken JSON, becomes the replacement character.
Between formats llmroute translates. These tables list what each pair of formats cannot carry; everything else in the test cases arrives.
**Bold** losses change the answer and are considered before a model is chosen. The others are recorded on the call. Vendor-specific fields without meaning elsewhere (\`store\`, \`metadata\`) are dropped and recorded too.
A model that cannot enforce a JSON schema (DeepSeek, Moonshot, Z.ai, MiniMax) is used only when no other model is available. It then gets the schema as text in the prompt, also in its own format.

This file is generated from the conformance table by \`UPDATE_DOCS=1 npx vitest run --config test/vitest.config.ts --root . test/wire/conformance\`.
`

/** The document, from the same cases that the tests run. */
export function lossMatrix(): string {
  return [INTRO, ...WIRE_FORMATS.map(requestSection), replySection()].join('\n')
}

function requestSection(client: WireFormat): string {
  const providers = WIRE_FORMATS.filter((format) => format !== client)
  const rows: string[][] = []
  for (const test of REQUEST_CASES) {
    if (test.unsayable?.includes(client)) continue
    const cells = providers.map((provider) => cellOf(cross(test, client, provider).losses))
    if (cells.some((cell) => cell !== '')) rows.push([test.name, ...cells])
  }
  return `## Requests of ${NAMES[client]} clients\n\n${table(['what is asked', ...providers.map((p) => `to ${NAMES[p]}`)], rows)}`
}

function cellOf(losses: readonly Loss[]): string {
  const said = new Set(
    losses.map(({ field, why, matters }) => `${matters ? '**' : ''}${placeless(field)}${matters ? '**' : ''}: ${plain(why)}`),
  )
  return [...said].join('; ')
}

/** Fields without the places of one case in them. */
function placeless(field: string): string {
  return field.replace(/\.\d+(?=\.|$)/g, '')
}

function plain(why: string): string {
  const text = why.replaceAll('|', '\\|').replace(/\.$/, '')
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function replySection(): string {
  const rows = REPLY_CASES.filter((test) => test.lost !== undefined).map((test) => [
    test.name,
    ...WIRE_FORMATS.map((format) => (test.lost?.[format] ?? []).map((aspect) => REPLY_WORDS[aspect]).join('; ')),
  ])
  const head = ['what is answered', ...WIRE_FORMATS.map((format) => NAMES[format])]
  return `## Answers, where the format stands on either side\n\n${table(head, rows)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
