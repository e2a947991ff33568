import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSse, sseReader, sseSplitter } from '../../src/kit/index.js'
import { codecFor } from '../../src/wire/index.js'
import { openaiChat } from '../../src/wire/openai-chat/index.js'

const chunk = (delta: object, finish: string | null, usage: object | null = null) =>
  `data: ${JSON.stringify({ id: 'c', model: 'gpt-5.2', choices: usage === null ? [{ index: 0, delta, finish_reason: finish }] : [], usage })}\n\n`
const USAGE = chunk({}, null, { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14, prompt_tokens_details: { cached_tokens: 8 } })
const SHOWN = [
  chunk({ role: 'assistant', content: '' }, null),
  ': ping\n\n',
  chunk({ content: 'Grüße "🌍"' }, null),
  chunk({ content: ' usage' }, null),
  chunk({}, 'stop'),
].join('')
const DONE = 'data: [DONE]\n\n'

/** Relays as the pipeline does: events go on as they came unless the tap hides them. */
function relay(text: string, hide: boolean, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text)
  const tap = openaiChat.usageTap(hide)
  const splitter = sseSplitter()
  const shown = (raw: Buffer): boolean => {
    const event = tap.skim === undefined || tap.skim(raw) ? decodeSse(raw) : null
    return event === null || !tap.see(event)
  }
  const at = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b)
  const raw = [0, ...at].flatMap((from, i) => splitter.push(bytes.subarray(from, at[i] ?? bytes.length)))
  const rest = splitter.end()
  const out = (rest === null ? raw : [...raw, rest]).filter(shown)
  return { text: Buffer.concat(out).toString(), tap }
}

describe('tapping a relayed chat stream', () => {
  it('passes the bytes on as they came, for any split, and reads usage, reason and model', () => {
    const text = SHOWN + USAGE + DONE
    fc.assert(
      fc.property(fc.array(fc.nat(2000)), (cuts) => {
        const { text: out, tap } = relay(text, false, cuts)
        expect(out).toBe(text)
        expect(tap.usage()).toMatchObject({ input: 2, cacheRead: 8, output: 4 })
        expect(tap.seen).toMatchObject({ finish: 'stop', model: 'gpt-5.2', done: true })
      }),
    )
  })

  it('takes out the usage chunk that the client did not ask for, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2000)), (cuts) => {
        const { text: out, tap } = relay(SHOWN + USAGE + DONE, true, cuts)
        expect(out).toBe(SHOWN + DONE)
        expect(tap.usage().output).toBe(4)
      }),
    )
  })

  it('takes it out too where it comes with a choice that says nothing, and leaves one that says something', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 }
    const withUsage = (choice: object) => `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, ...choice }], usage })}\n\n`
    const last = withUsage({ delta: {}, finish_reason: 'stop' })
    for (const empty of [{ delta: {} }, { delta: { content: null, role: null }, finish_reason: null }]) {
      const { text, tap } = relay(SHOWN + withUsage(empty) + DONE, true)
      expect(text).toBe(SHOWN + DONE)
      expect(tap.usage().output).toBe(4)
    }
    for (const telling of [withUsage({ delta: { role: 'assistant', content: '' } }), last])
      expect(relay(telling + DONE, true).text).toBe(telling + DONE)
  })

  it('counts output characters of a stream that ends without usage, and passes on an unfinished event', () => {
    const cut = SHOWN.slice(0, SHOWN.indexOf(' usage'))
    const { text: out, tap } = relay(cut, false)
    expect(out).toBe(cut)
    expect(tap.seen.done).toBe(false)
    expect(tap.usage().output).toBeNull()
    // As written: two bytes for ü, four for the globe, an escape before each quotation mark.
    expect(tap.seen.outputChars).toBe(16)
  })

  it('decodes only events that matter when chunks end where events end', () => {
    const tap = openaiChat.usageTap(false)
    tap.see({ data: '{"model":"m"}' })
    expect(tap.skim?.(Buffer.from(chunk({ content: 'hello' }, null)))).toBe(false)
    expect(tap.seen.outputChars).toBe(5)
    expect(tap.skim?.(Buffer.from(chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }, null)))).toBe(false)
    expect(tap.skim?.(Buffer.from(chunk({}, 'stop')))).toBe(true)
    expect(tap.skim?.(Buffer.from(USAGE))).toBe(true)
    expect(tap.skim?.(Buffer.from('data: {"error":{"message":"x"}}\n\n'))).toBe(true)
    expect(tap.skim?.(Buffer.from(DONE))).toBe(true)
  })

  it.each([
    ['openai-chat', { choices: [{ delta: { content: 'hello', tool_calls: null } }] }, { choices: [{ delta: { content: null } }] }],
    ['openai-responses', { type: 'response.output_text.delta', delta: 'hello' }, { type: 'response.output_item.added' }],
    ['anthropic-messages', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'hello' } }, { type: 'ping' }],
  ] as const)('counts what it does not decode, with or without spaces (%s)', (format, words, none) => {
    for (const spaces of ['', ' ']) {
      const tap = codecFor(format).usageTap(false)
      tap.see({ data: '{"model":"m"}' })
      for (const value of [words, none]) {
        const line = JSON.stringify(value).replaceAll('":', `":${spaces}`)
        expect(tap.skim?.(Buffer.from(`data: ${line}\n\n`))).toBe(false)
      }
      expect(tap.seen.outputChars).toBe(5)
    }
  })

  it('sees an error in the stream', () => {
    const { tap } = relay(`${SHOWN}data: {"error":{"message":"busy","code":"rate_limit_exceeded"}}\n\n`, false)
    expect(tap.seen.error).toMatchObject({ code: 'E_RATE_LIMIT', message: 'busy' })
  })
})

describe('skimming a chunk that holds the last words and the end', () => {
  const responses =
    'data: {"type":"response.output_text.delta","delta":"x"}\n\ndata: {"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":1,"output_tokens":2}}}\n\n'
  const anthropic =
    'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}\n\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}\n\ndata: {"type":"message_stop"}\n\n'
  it.each([
    ['openai-chat', chunk({ role: 'assistant', content: 'x' }, null) + chunk({}, 'stop') + USAGE + DONE],
    ['openai-responses', responses],
    ['anthropic-messages', anthropic],
  ] as const)('does not miss the end (%s)', (format, text) => {
    const tap = codecFor(format).usageTap(false)
    expect(tap.skim?.(Buffer.from(text)) ?? true).toBe(true)
    for (const event of sseReader().push(Buffer.from(text))) tap.see(event)
    expect(tap.seen).toMatchObject({ done: true, outputChars: 1 })
    expect(tap.usage().output).toBeGreaterThan(0)
  })
})
