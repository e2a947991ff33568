import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gemini } from '../../../src/wire/gemini/index.js'
import { clientBodies } from '../client-bodies.js'
import { targetOf } from '../targets.js'
import { geminiBody } from './arbitrary.js'

function roundTrip(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const request = gemini.readRequest(body, { headers: {}, urlModel: 'gemini-2.5-pro', urlStream: true })
  expect(request).toMatchObject({ model: 'gemini-2.5-pro', stream: true })
  const { body: written, losses } = gemini.writeRequest(request, targetOf('gemini-2.5-pro', { thinking: 'adaptive' }))
  expect(losses).toEqual([])
  return written
}

describe('reading and writing a request in its own format changes nothing', () => {
  it.each(clientBodies('gemini').map((captured) => [captured.name, captured.body] as const))('of %s', (_name, captured) => {
    expect(roundTrip(captured)).toEqual(captured)
  })

  it('of any body', () => {
    fc.assert(
      fc.property(geminiBody, (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
        // Unlike toStrictEqual, this takes a key named "constructor" for what it is.
        deepStrictEqual(roundTrip(json), json)
      }),
      { numRuns: 400 },
    )
  })

  it('of a body in snake case, but for the spelling of its own names', () => {
    const schema = { type: 'OBJECT', properties: { file_path: { type: 'STRING' } } }
    const written = roundTrip({
      system_instruction: { parts: { text: 'Be brief.' } },
      contents: [
        { role: 'model', parts: [{ function_call: { name: 'a_b', args: { file_path: 'x' } } }] },
        { role: 'user', parts: [{ inline_data: { mime_type: 'image/png', data: 'AA==' } }] },
      ],
      tools: [{ function_declarations: [{ name: 'a_b', parameters: schema }] }],
      generation_config: { max_output_tokens: 9, response_mime_type: 'application/json', response_schema: schema },
    })
    expect(written).toEqual({
      systemInstruction: { parts: { text: 'Be brief.' } },
      contents: [
        { role: 'model', parts: [{ functionCall: { name: 'a_b', args: { file_path: 'x' } } }] },
        { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
      ],
      tools: [{ functionDeclarations: [{ name: 'a_b', parameters: schema }] }],
      generationConfig: { maxOutputTokens: 9, responseMimeType: 'application/json', responseSchema: schema },
    })
  })
})
