import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Request, WIRE_FORMATS, type WireFormat } from '../../src/canonical/index.js'
import { codecFor, restoreName, restoreNames } from '../../src/wire/index.js'
import { assistant, call, result, user } from './neutral-requests.js'
import { targetOf } from './targets.js'

/** What each vendor says of a tool's name when it refuses one. */
const LEGAL: Readonly<Record<WireFormat, RegExp>> = {
  'openai-chat': /^[a-zA-Z0-9_-]{1,64}$/,
  'openai-responses': /^[a-zA-Z0-9_-]{1,64}$/,
  'anthropic-messages': /^[a-zA-Z0-9_-]{1,128}$/,
  gemini: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/,
}
const PAIRS = WIRE_FORMATS.flatMap((client) => WIRE_FORMATS.filter((f) => f !== client).map((provider) => [client, provider] as const))
const LONG = `mcp__${'a'.repeat(80)}`
const NAMES = ['files.read', 'files:read', 'files_read', '2nd', LONG, `${LONG}b`, 'größe', 'plain']

/** The names of tools, and of the call and the choice, as the provider gets them. */
function crossed(client: WireFormat, provider: WireFormat, names: readonly string[]) {
  const request: Request = {
    format: client,
    model: 'm',
    messages: [user('go'), assistant(call('call_1', names[0]!)), result('call_1')],
    tools: names.map((name) => ({ type: 'function', name, schema: { type: 'object', properties: {} } })),
    toolChoice: { name: names[0]! },
    sampling: {},
    stream: false,
  }
  const { body, names: renamed = new Map<string, string>() } = codecFor(provider).writeRequest(request, targetOf('m'))
  const url = provider === 'gemini' ? { urlModel: 'm', urlStream: false } : {}
  return { sent: codecFor(provider).readRequest(JSON.parse(JSON.stringify(body)), { headers: {}, ...url }), renamed }
}

describe.each(PAIRS)('tools of %s clients at %s', (client, provider) => {
  it('have names that the vendor takes, each its own, and come back under the client’s', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(fc.constantFrom(...NAMES), fc.string({ minLength: 1, unit: 'grapheme' })), { minLength: 1 }),
        (names) => {
          const { sent, renamed } = crossed(client, provider, names)
          const told = sent.tools.map((tool) => tool.name)
          for (const name of told) expect(name).toMatch(LEGAL[provider])
          expect(new Set(told).size).toBe(names.length)
          expect(told.map((name) => renamed.get(name) ?? name)).toEqual(names)
          expect(sent.toolChoice).toEqual({ name: told[0] })
          expect(sent.messages.flatMap((m) => m.parts.flatMap((part) => (part.type === 'tool-call' ? [part.name] : [])))).toEqual([told[0]])
        },
      ),
      { numRuns: 30 },
    )
  })

  it('that have such names keep them', () => {
    expect(crossed(client, provider, ['plain', 'mcp__a-b']).renamed.size).toBe(0)
  })
})

it('names come back in whole answers and in streams', () => {
  const names = new Map([['files_read', 'files.read']])
  const reply = {
    choices: [{ parts: [call('c1', 'files_read'), call('c2', 'other')], finish: 'tool-calls' as const }],
    usage: codecFor('openai-chat').readUsage({}),
  }
  const parts = restoreNames(reply, names).choices[0]!.parts
  expect(parts).toEqual([call('c1', 'files.read'), call('c2', 'other')])
  const event = { type: 'block-start', index: 0, choice: 0, block: { kind: 'tool-call', id: 'c1', name: 'files_read' } } as const
  expect(restoreName(event, names)).toEqual({ ...event, block: { ...event.block, name: 'files.read' } })
})
