import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openaiResponses } from '../../../src/wire/openai-responses/index.js'
import { clientBodies } from '../client-bodies.js'
import { targetOf } from '../targets.js'
import { responsesBody } from './arbitrary.js'

/** The body read and written again for a model that takes it as it is. */
function roundTrip(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const request = openaiResponses.readRequest(body, { headers: {} })
  const { body: written, losses } = openaiResponses.writeRequest(request, targetOf(String(body.model)))
  expect(losses).toEqual([])
  return written
}

describe('reading and writing a Responses request', () => {
  it.each(clientBodies('openai-responses'))('gives back the body of $name', (captured) => {
    expect(roundTrip(captured.body)).toEqual(captured.body)
  })

  it('gives back any body, whatever its spelling', () => {
    fc.assert(
      fc.property(responsesBody, (generated) => {
        const json = JSON.parse(JSON.stringify(generated)) as Record<string, unknown>
        expect(roundTrip(json)).toEqual(json)
      }),
      { numRuns: 300 },
    )
  })
})

it('says that input may be a string or an array', () => {
  const read = () => openaiResponses.readRequest({ model: 'auto' }, { headers: {} })
  expect(read).toThrow('input: expected a string or an array, found nothing')
})
