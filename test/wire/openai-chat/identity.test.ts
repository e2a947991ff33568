import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { clientBodies } from '../client-bodies.js'
import { targetOf } from '../targets.js'
import { chatBody } from './arbitrary.js'

const NO_HEADERS = { headers: {} }

/** The body read and written again for a model that takes it as it is. */
function roundTrip(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const request = openaiChat.readRequest(body, NO_HEADERS)
  const field = body.max_tokens !== undefined && body.max_completion_tokens === undefined ? 'max_tokens' : 'max_completion_tokens'
  const { body: written, losses } = openaiChat.writeRequest(request, targetOf(String(body.model), { maxTokensField: field }))
  expect(losses).toEqual([])
  return written
}

/** Usage is always asked of the upstream. */
function asked(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (body.stream !== true) return body
  return { ...body, stream_options: { ...(body.stream_options as object | undefined), include_usage: true } }
}

describe('reading and writing a chat request', () => {
  it.each(clientBodies('openai-chat'))('gives back the body of $name', ({ body }) => {
    expect(roundTrip(body)).toEqual(asked(body))
  })

  it('gives back any body, whatever its spelling', () => {
    fc.assert(
      fc.property(chatBody, (generated) => {
        const body = JSON.parse(JSON.stringify(generated)) as Record<string, unknown>
        expect(roundTrip(body)).toEqual(asked(body))
      }),
      { numRuns: 300 },
    )
  })
})
