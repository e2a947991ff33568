import { type Loss, type Request, WIRE_FORMATS, type WireFormat } from '../../../src/canonical/index.js'
import { codecFor, type Target } from '../../../src/wire/index.js'
import { targetOf } from '../targets.js'
import { type Aspect, type Aspects, aspectsOf } from './aspects.js'
import type { RequestCase } from './request-cases.js'

/** A model of each format that takes all its format can say, and made the conversation's reasoning. */
export const TARGETS: Readonly<Record<WireFormat, Target>> = {
  'openai-chat': targetOf('chat-model'),
  'openai-responses': targetOf('responses-model'),
  'anthropic-messages': targetOf('claude-model', { thinking: 'budget', efforts: ['low', 'medium', 'high'] }),
  gemini: targetOf('gemini-model', { thinking: 'effort', efforts: ['minimal', 'low', 'medium', 'high'] }),
}

/** Every client's format with every provider's. */
export const PAIRS = WIRE_FORMATS.flatMap((client) => WIRE_FORMATS.map((provider) => [client, provider] as const))

export interface Crossing {
  readonly asked: Aspects
  readonly arrived: Aspects
  readonly losses: readonly Loss[]
}

/**
 * The case as the client's format says it. Gemini keeps some fields in the client's own spelling, so there the request comes
 * from elsewhere, for a model whose thinking is set by budget if the case sets one.
 */
export function ask(test: RequestCase, client: WireFormat): Request {
  const format = client === 'gemini' ? 'openai-chat' : client
  const neutral: Request = { format, model: 'asked', messages: test.messages, tools: [], sampling: {}, stream: false, ...test.rest }
  const thinking = neutral.reasoning?.mode === undefined ? 'effort' : 'budget'
  return say(neutral, client, targetOf('asked', { thinking })).request
}

/** From a client of one format to a provider of another, through both formats' JSON. */
export function cross(test: RequestCase, client: WireFormat, provider: WireFormat): Crossing {
  const request = ask(test, client)
  const { request: arrived, losses } = say(request, provider, TARGETS[provider])
  return { asked: aspectsOf(request), arrived: aspectsOf(arrived), losses }
}

function say(request: Request, format: WireFormat, target: Target): { request: Request; losses: readonly Loss[] } {
  const codec = codecFor(format)
  const { body, losses } = codec.writeRequest(request, target)
  const json: unknown = JSON.parse(JSON.stringify(body))
  const url = format === 'gemini' ? { urlModel: target.name, urlStream: request.stream } : {}
  return { request: codec.readRequest(json, { headers: {}, ...url }), losses }
}

/** Aspects that were asked for and did not arrive as asked. */
export function missing({ asked, arrived }: Crossing): Aspect[] {
  const aspects = Object.keys(asked) as Aspect[]
  return aspects.filter((aspect) => JSON.stringify(asked[aspect]) !== JSON.stringify(arrived[aspect]))
}
