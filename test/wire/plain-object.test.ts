import { describe, expect, it } from 'vitest'
import { codecFor } from '../../src/wire/index.js'
import { targetOf } from './targets.js'

type Schema = Readonly<Record<string, unknown>>
const circle = { type: 'object', properties: { kind: { const: 'circle' }, radius: { type: 'number' } }, required: ['kind', 'radius'] }
const square = { type: 'object', properties: { kind: { const: 'square' }, side: { type: 'number' } }, required: ['kind', 'side'] }
const MERGED = { kind: { anyOf: [{ const: 'circle' }, { const: 'square' }] }, radius: { type: 'number' }, side: { type: 'number' } }

function sent(parameters: Schema, refuses: 'openai' | 'kimi' = 'openai'): unknown {
  const body = {
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ type: 'function', function: { name: 'f', parameters } }],
  }
  const target = targetOf('m', { refuses: refuses === 'openai' ? ['loose_schemas'] : ['loose_schemas', 'untyped_schemas'] })
  const codec = codecFor('openai-chat')
  const { tools } = codec.writeRequest(codec.readRequest(body, { headers: {} }), target).body
  return (tools as [{ function: { parameters: unknown } }])[0].function.parameters
}

describe('arguments that begin with', () => {
  it('alternatives keep what each says of the property that tells them apart', () => {
    expect(sent({ oneOf: [circle, square] })).toEqual({ type: 'object', properties: MERGED })
    const own = { kind: { enum: ['circle', 'square'] } }
    expect(sent({ type: 'object', properties: own, required: ['kind'], anyOf: [circle, square] })).toEqual({
      type: 'object',
      properties: { ...MERGED, ...own },
      required: ['kind'],
    })
  })

  it('references have the properties of what they refer to', () => {
    const $defs = { circle, square }
    expect(sent({ anyOf: [{ $ref: '#/$defs/circle' }, { $ref: '#/$defs/square' }], $defs })).toEqual({
      type: 'object',
      properties: MERGED,
      $defs,
    })
    const { properties, required } = circle
    expect(sent({ $ref: '#/definitions/circle', definitions: { circle } })).toEqual({
      ...{ type: 'object', properties, required },
      definitions: { circle },
    })
    expect(sent({ $ref: '#/definitions/circle', definitions: { circle } }, 'kimi')).toMatchObject({
      properties: { kind: { type: 'string', const: 'circle' }, radius: { type: 'number' } },
      required,
    })
  })

  it('references to themselves end', () => {
    expect(sent({ $ref: '#' })).toEqual({ type: 'object', properties: {} })
  })
})
