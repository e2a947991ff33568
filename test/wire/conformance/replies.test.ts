import { describe, expect, it } from 'vitest'
import { type Choice, type Reply, totalInput, WIRE_FORMATS, type WireFormat } from '../../../src/canonical/index.js'
import { type Codec, codecFor, collectReply, eventsOfReply, type ReplyContext } from '../../../src/wire/index.js'
import { readStream, writeStream } from '../streams.js'
import { CONTEXT } from '../targets.js'
import { PAIRS } from './pairs.js'
import { REPLY_CASES, type ReplyAspect, type ReplyCase, usageOf } from './reply-cases.js'

/** An answer apart from how formats say it: ids by order, arguments as values, words that stand together as one. */
function normal(reply: Reply, lost: ReadonlySet<ReplyAspect>): unknown {
  const { usage } = reply
  const choices = lost.has('choices') ? reply.choices.slice(0, 1) : reply.choices
  return {
    choices: choices.map((choice) => normalChoice(choice, lost)),
    usage: {
      total: totalInput(usage),
      cacheRead: usage.cacheRead ?? 0,
      output: usage.output,
      reasoning: usage.reasoning ?? 0,
      ...(lost.has('cacheWrites') ? {} : { input: usage.input, writes: [usage.cacheWrite5m ?? 0, usage.cacheWrite1h ?? 0] }),
    },
  }
}

function normalChoice(choice: Choice, lost: ReadonlySet<ReplyAspect>): unknown {
  const said: unknown[][] = []
  for (const part of choice.parts) {
    const type = part.type === 'refusal' && lost.has('refusal') ? 'text' : part.type
    if (part.type === 'tool-call') {
      // Where calls carry no signatures, they stand before the call as reasoning without words.
      const before = part.signature === undefined && said.at(-1)?.[0] === 'reasoning' && said.at(-1)?.[1] === '' ? said.pop() : undefined
      said.push(['call', part.id, part.name, JSON.parse(part.args || '{}'), part.signature ?? before?.[2]])
    } else if (part.type === 'reasoning') {
      if (lost.has('redacted') && part.redacted === true) continue
      said.push(['reasoning', part.text, part.signature || undefined, part.redacted === true])
    } else if (part.type === 'text' || part.type === 'refusal') {
      if (part.text !== '') said.push([type, part.text])
    } else said.push([part.type])
  }
  return {
    said,
    finish: lost.has('finish') && choice.finish !== 'tool-calls' ? 'stop' : choice.finish,
    stopSequence: lost.has('stopSequence') ? undefined : choice.stopSequence,
    logprobs: lost.has('logprobs') ? undefined : choice.logprobs?.map((p) => (p as { token: string }).token),
  }
}

function asJson(codec: Codec, reply: Reply, context: ReplyContext): Reply {
  return codec.readReply(JSON.parse(JSON.stringify(codec.writeReply(reply, context))))
}

function asStream(codec: Codec, reply: Reply, context: ReplyContext): Reply {
  const { reply: read, fault } = collectReply(readStream(codec, writeStream(codec, eventsOfReply(reply), context)))
  expect(fault).toBeNull()
  return read
}

/** As the provider's format says it, then as the client's does. */
function pass(test: ReplyCase, client: WireFormat, provider: WireFormat, say: typeof asJson): Reply {
  const reply: Reply = { id: 'r1', model: 'answering-model', choices: test.choices, usage: usageOf(test) }
  return say(codecFor(client), say(codecFor(provider), reply, CONTEXT), CONTEXT)
}

describe.each(PAIRS)('an answer to a client of %s from a provider of %s', (client, provider) => {
  it.each(REPLY_CASES.map((test) => [test.name, test] as const))('%s', (_name, test) => {
    const lost = new Set([...(test.lost?.[client] ?? []), ...(test.lost?.[provider] ?? [])])
    const expected = normal({ choices: test.choices, usage: usageOf(test) }, lost)
    expect(normal(pass(test, client, provider, asJson), lost)).toEqual(expected)
    expect(normal(pass(test, client, provider, asStream), lost)).toEqual(expected)
  })
})

it.each(WIRE_FORMATS)('what is no JSON object ends a stream of %s with a fault, and nothing comes after it', (format) => {
  const reader = codecFor(format).eventReader()
  expect(reader.read({ data: '[1]' }).at(-1)).toMatchObject({ type: 'error', fault: { code: 'E_UPSTREAM' } })
  expect([...reader.read({ data: '{}' }), ...reader.end()]).toEqual([])
})
