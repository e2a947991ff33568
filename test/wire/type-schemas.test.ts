import { describe, expect, it } from 'vitest'
import { codecFor } from '../../src/wire/index.js'
import { clientBodies } from './client-bodies.js'
import { targetOf } from './targets.js'

const KIMI = targetOf('kimi-k3', { needs: ['tools'], refuses: ['loose_schemas', 'untyped_schemas'] })
type Schema = Readonly<Record<string, unknown>>
const FORMATS = ['anthropic-messages', 'openai-chat', 'openai-responses', 'gemini'] as const

/** Moonshot's rules, as its errors tell them. */
function check(schema: unknown, path: string): void {
  const { type, anyOf, properties, items, required } = schema as { [key: string]: unknown; properties?: Schema; required?: string[] }
  if (Array.isArray(anyOf)) {
    expect(type, `${path}: when using anyOf, type should be defined in anyOf items instead of the parent schema`).toBeUndefined()
    for (const [i, one] of anyOf.entries()) check(one, `${path}.anyOf.${i}`)
  } else expect(type, `${path}: type is not defined`).toBeDefined()
  for (const [name, inner] of Object.entries(properties ?? {})) check(inner, `${path}.${name}`)
  if (items !== undefined) check(items, `${path}.items`)
  for (const name of properties === undefined ? [] : (required ?? [])) expect(Object.keys(properties!), path).toContain(name)
}

function sentTools(parameters: Schema): readonly { readonly function: { readonly name: string; readonly parameters: Schema } }[] {
  const body = {
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ type: 'function', function: { name: 'f', parameters } }],
  }
  const written = codecFor('openai-chat').writeRequest(codecFor('openai-chat').readRequest(body, { headers: {} }), KIMI).body
  return written.tools as ReturnType<typeof sentTools>
}

describe('schemas of tools for Kimi', () => {
  const bodies = FORMATS.flatMap((format) => clientBodies(format).map(({ name, body }) => [name, format, body] as const))
  it.each(bodies)('of %s follow its rules', (_name, format, body) => {
    const request = codecFor(format).readRequest(body, { headers: {}, urlModel: 'm' })
    const { tools = [] } = codecFor('openai-chat').writeRequest(request, KIMI).body as { tools?: ReturnType<typeof sentTools> }
    for (const { function: fn } of tools) check(fn.parameters, fn.name)
  })

  it('say what they said before', () => {
    const parameters = {
      type: 'object',
      properties: {
        args: { description: 'Whatever.' },
        mode: { enum: ['a', 'b'] },
        when: { type: 'string', anyOf: [{ format: 'date' }, { type: 'null' }] },
        asset: { $ref: '#/$defs/asset', description: 'Which.' },
      },
      required: ['args', 'gone'],
      $defs: { asset: { type: 'object', properties: { id: { type: 'string' } } } },
    }
    expect(sentTools(parameters)[0]?.function.parameters).toEqual({
      ...parameters,
      properties: {
        args: { description: 'Whatever.', anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'object' }] },
        mode: { type: 'string', enum: ['a', 'b'] },
        when: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
        asset: { $ref: '#/$defs/asset' },
      },
      required: ['args'],
    })
  })

  it('have a type where they name none or are open', () => {
    const anything = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'object' }] }
    const properties = { any: true, list: { items: true }, bag: { properties: { a: true } } }
    expect(sentTools({ type: 'object', properties })[0]?.function.parameters.properties).toEqual({
      any: anything,
      list: { type: 'array', items: anything },
      bag: { type: 'object', properties: { a: anything } },
    })
  })

  it('have the types of the values that they list', () => {
    const properties = { a: { enum: ['x', null] }, b: { const: 1 } }
    expect(sentTools({ type: 'object', properties })[0]?.function.parameters.properties).toEqual({
      a: { enum: ['x', null], anyOf: [{ type: 'string' }, { type: 'null' }] },
      b: { const: 1, type: 'number' },
    })
  })
})
