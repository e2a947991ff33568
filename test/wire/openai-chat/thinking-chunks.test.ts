import { describe, expect, it } from 'vitest'
import { codecFor } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { collectReply, readStream } from '../streams.js'
import { targetOf } from '../targets.js'

/** Reasoning as Mistral's models say it: inside the content, which is a list then. */
const thinking = (...texts: readonly string[]) => ({ type: 'thinking', thinking: texts.map((text) => ({ type: 'text', text })) })
const text = (words: string) => ({ type: 'text', text: words })
const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'magistral-medium-2509', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const STREAM = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: [thinking('A greet')] }),
  chunk({ content: [thinking('ing.')] }),
  chunk({ content: [text('Hel')] }),
  chunk({ content: 'lo.' }),
]
const PARTS = [
  { type: 'reasoning', text: 'A greeting.' },
  { type: 'text', text: 'Hello.' },
]
const ANSWER = { role: 'assistant', content: [thinking('A ', 'greeting.'), text('Hello.')] }

describe('reasoning inside the content', () => {
  it('is read from a stream, before the words', () => {
    const { reply, fault } = collectReply(readStream(openaiChat, `${STREAM.join('')}${chunk({}, 'stop')}data: [DONE]\n\n`))
    expect(fault).toBeNull()
    expect(reply.choices[0]?.parts).toEqual(PARTS)
  })

  it('is read from a whole answer', () => {
    const reply = openaiChat.readReply({ choices: [{ index: 0, message: ANSWER, finish_reason: 'stop' }] })
    expect(reply.choices[0]?.parts).toMatchObject(PARTS)
  })

  it('counts as output of a relayed stream that breaks off', () => {
    const tap = openaiChat.usageTap(false)
    for (const bytes of STREAM) {
      if (tap.skim?.(Buffer.from(bytes)) ?? true) tap.see({ data: bytes.slice('data: '.length) })
    }
    expect(tap.seen.outputChars).toBe('A greeting.Hello.'.length)
  })
})

describe('a conversation that repeats it', () => {
  const asked = (answer: object) => ({ model: 'm', messages: [{ role: 'user', content: 'hi' }, answer, { role: 'user', content: 'on' }] })
  const body = asked(ANSWER)

  it('is relayed as it is to the model that said it', () => {
    expect(openaiChat.relayable?.(body)).toBe(true)
    expect(openaiChat.relaySplices(body, targetOf('m'))).toEqual([])
  })

  it.each([
    ['beside words', ANSWER, [['messages', 1, 'content', 0]]],
    ['alone', { role: 'assistant', content: [thinking('A')], tool_calls: [] }, [['messages', 1, 'content']]],
  ])('goes to another model without it, %s', (_name, answer, paths) => {
    const [splice, ...others] = openaiChat.relaySplices(asked(answer), targetOf('m', {}, { keepsReasoning: false }))
    expect(others).toEqual([])
    expect(splice).toMatchObject({ kind: 'drop-all', paths })
  })

  it.each(['openai-responses', 'anthropic-messages', 'gemini'] as const)('goes to a model of %s with its words alone', (format) => {
    const request = openaiChat.readRequest(body, { headers: {} })
    const { body: written } = codecFor(format).writeRequest(request, targetOf('m', {}, { keepsReasoning: false }))
    expect(JSON.stringify(written)).toContain('Hello.')
    expect(JSON.stringify(written)).not.toContain('greeting')
  })
})
