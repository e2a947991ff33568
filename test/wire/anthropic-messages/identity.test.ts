import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'
import { clientBodies } from '../client-bodies.js'
import { targetOf } from '../targets.js'
import { messagesBody } from './arbitrary.js'

const NO_HEADERS = { headers: {} }

function roundTrip(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const request = anthropicMessages.readRequest(body, NO_HEADERS)
  const { body: written, losses } = anthropicMessages.writeRequest(request, targetOf(String(body.model)))
  expect(losses).toEqual([])
  return written
}

describe('reading and writing a request in its own format changes nothing', () => {
  it.each(clientBodies('anthropic-messages').map((captured) => [captured.name, captured.body] as const))('of %s', (_name, captured) => {
    expect(roundTrip(captured)).toEqual(captured)
  })

  it('of any body', () => {
    fc.assert(
      fc.property(messagesBody, (value) => {
        // Undefined fields are not JSON.
        const json = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
        // Unlike toStrictEqual, this takes a key named "constructor" for what it is.
        deepStrictEqual(roundTrip(json), json)
      }),
      { numRuns: 400 },
    )
  })
})
