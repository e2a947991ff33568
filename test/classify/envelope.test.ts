import { describe, expect, it } from 'vitest'
import type { Request } from '../../src/canonical/index.js'
import { readEnvelope } from '../../src/classify/index.js'
import { ask, readFixture, TURNS } from './read-fixture.js'

/** The same request from other bytes. */
const again = (request: Request): Request => structuredClone(request)
const withTools = (request: Request, change: (text: string) => string): Request => ({
  ...request,
  tools: JSON.parse(change(JSON.stringify(request.tools))) as Request['tools'],
})

describe('the envelope', () => {
  it.each(TURNS)('%s: is read alike from every request that carries it, whatever was read between', (name) => {
    const request = readFixture(name)
    const first = readEnvelope(request)
    expect(readEnvelope(again(request))).toEqual(first)
    for (const other of TURNS) readEnvelope(readFixture(other))
    expect(readEnvelope(again(request))).toEqual(first)
  })

  it('is another when anything in it is another', () => {
    const tool = (description: string, properties: object): Request => ({
      ...ask('hi'),
      tools: [{ type: 'function', name: 'look', description, schema: { type: 'object', properties } }],
    })
    const one = readEnvelope(tool('Looks.', { path: { type: 'string' } }))
    expect(readEnvelope(tool('Looks.', { path: { type: 'string' } }))).toEqual(one)
    expect(
      readEnvelope(tool('Looks.', { path: { type: 'string', description: 'where to look, and for how long' } })).tokens,
    ).toBeGreaterThan(one.tokens)
    expect(readEnvelope(tool('Looks.', { path: { type: 'string' }, depth: {} })).digest).not.toBe(one.digest)
    expect(readEnvelope(tool('Looks!', { path: { type: 'string' } })).digest).not.toBe(one.digest)
  })

  it('follows a change deep in a long schema', () => {
    const name = TURNS.find((turn) => turn.startsWith('claude')) as string
    const request = readFixture(name)
    const before = readEnvelope(request).tokens
    const longer = withTools(request, (text) =>
      text.replace('"type":"string"', '"type":"string","pattern":"one two three four five six seven"'),
    )
    expect(readEnvelope(longer).tokens).toBeGreaterThan(before)
    expect(readEnvelope(again(request)).tokens).toBe(before)
  })
})
