import { describe, expect, it } from 'vitest'
import { codecFor, spliceBody } from '../../src/wire/index.js'
import { clientBodies } from './client-bodies.js'
import { targetOf } from './targets.js'

const FORMATS = ['openai-chat', 'openai-responses'] as const
const BODIES = FORMATS.flatMap((format) => clientBodies(format).map(({ name, body }) => [name, format, body] as const))

/** The name of the limit that the client used, so that it stays. */
function targetFor(name: string, body: Readonly<Record<string, unknown>>) {
  return targetOf(name, { maxTokensField: body.max_tokens === undefined ? 'max_completion_tokens' : 'max_tokens' })
}

describe('a relayed body of a real client', () => {
  it.each(BODIES)('%s stays byte for byte under its own name', (_name, format, body) => {
    const bytes = Buffer.from(JSON.stringify(body, null, 1))
    const splices = codecFor(format).relaySplices(body, targetFor(String(body.model), body))
    expect(splices).toEqual([])
    expect(spliceBody(bytes, body, splices)).toBe(bytes)
  })

  it.each(BODIES)('%s changes in its model and nowhere else', (_name, format, body) => {
    const text = JSON.stringify(body)
    const splices = codecFor(format).relaySplices(body, targetFor('another-model', body))
    expect(splices).toEqual([{ kind: 'model', value: 'another-model' }])
    const sent = spliceBody(Buffer.from(text), body, splices).toString()
    expect(sent).toBe(text.replace(`"model":${JSON.stringify(body.model)}`, '"model":"another-model"'))
  })
})

describe('a body of 200 KB', () => {
  const messages = Array.from({ length: 120 }, (_, i) => ({
    role: i % 2 === 0 ? 'user' : 'assistant',
    content: `${i} "model": "auto" \\ Grüße 🌍 `.repeat(50),
  }))
  const text = `{"messages":${JSON.stringify(messages)},"metadata":{"n":1.50,"big":12345678901234567890},"model":"auto","stream":true}`

  it('is spliced at its end and its beginning alone', () => {
    expect(text.length).toBeGreaterThan(200_000)
    const body = JSON.parse(text) as Record<string, unknown>
    const splices = codecFor('openai-chat').relaySplices(body, targetOf('m'))
    expect(splices.map((splice) => splice.kind)).toEqual(['model', 'include-usage'])
    const sent = spliceBody(Buffer.from(text), body, splices).toString()
    const end = text.lastIndexOf('"model":"auto"')
    expect(sent).toBe(
      `{"stream_options":{"include_usage":true},${text.slice(1, end)}"model":"m"${text.slice(end + '"model":"auto"'.length)}`,
    )
  })
})
