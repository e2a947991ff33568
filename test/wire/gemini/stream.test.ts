import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type GenerateContentResponse, GoogleGenAI, type Part } from '@google/genai'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Event } from '../../../src/canonical/index.js'
import { sseReader } from '../../../src/kit/index.js'
import { gemini } from '../../../src/wire/gemini/index.js'
import { readStream } from '../streams.js'

const FOLDER = new URL('../../fixtures/streams/gemini/', import.meta.url)
const STREAMS = readdirSync(FOLDER).map((file) => [file.slice(0, -4), readFileSync(new URL(file, FOLDER))] as const)
const COMPLETE = STREAMS.filter(([name]) => name !== 'overloaded')
const CONTEXT = { id: 'shown-id', model: 'shown-model', created: 1_700_000_000, streamUsage: false }

function bytesOf(name: string): Buffer {
  return STREAMS.find(([known]) => known === name)![1]
}

function rewrite(events: readonly Event[]): string {
  const writer = gemini.eventWriter(CONTEXT)
  return events.map((event) => writer.write(event)).join('')
}

interface Candidate {
  text: string
  thoughts: string
  calls: Part[]
  signatures: string[]
  other: Part[]
  finish?: string
}

/** The pieces of an answer put together, whatever chunks they came in. */
function gather(chunks: readonly GenerateContentResponse[]): { candidates: Record<number, Candidate>; usage: unknown } {
  const candidates: Record<number, Candidate> = {}
  let usage: unknown
  for (const chunk of chunks) {
    usage = chunk.usageMetadata ?? usage
    for (const candidate of chunk.candidates ?? []) {
      const all = candidates[candidate.index ?? 0] ?? { text: '', thoughts: '', calls: [], signatures: [], other: [] }
      candidates[candidate.index ?? 0] = all
      if (candidate.finishReason !== undefined) all.finish = candidate.finishReason
      for (const part of candidate.content?.parts ?? []) {
        if (part.thoughtSignature !== undefined) all.signatures.push(part.thoughtSignature)
        if (part.functionCall !== undefined)
          all.calls.push({ functionCall: { name: part.functionCall.name!, args: part.functionCall.args! } })
        else if (part.text !== undefined && part.thought) all.thoughts += part.text
        else if (part.text !== undefined) all.text += part.text
        else all.other.push(part)
      }
    }
  }
  return { candidates, usage }
}

describe('a recorded stream', () => {
  let server: Server
  let next = ''
  beforeAll(async () => {
    server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(next))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  /** What the vendor's own SDK makes of a stream. */
  async function asSdkReads(stream: string): Promise<GenerateContentResponse[]> {
    next = stream
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const sdk = new GoogleGenAI({ apiKey: 'x', httpOptions: { baseUrl } })
    const chunks: GenerateContentResponse[] = []
    for await (const chunk of await sdk.models.generateContentStream({ model: 'm', contents: 'hi' })) chunks.push(chunk)
    return chunks
  }

  it.each(COMPLETE.filter(([name]) => name !== 'blocked'))(
    '%s, read and written again, is the same answer to the SDK',
    async (_name, bytes) => {
      const before = gather(await asSdkReads(bytes.toString()))
      const after = gather(await asSdkReads(rewrite(readStream(gemini, bytes))))
      expect(after.candidates).toEqual(before.candidates)
      expect(gemini.readUsage({ usageMetadata: after.usage })).toEqual({
        ...gemini.readUsage({ usageMetadata: before.usage }),
        reasoning: expect.anything(),
        raw: after.usage,
        ...((before.usage as { thoughtsTokenCount?: number }).thoughtsTokenCount === undefined ? { reasoning: null } : {}),
      })
    },
  )

  it.each(COMPLETE)('%s holds no comment lines', (_name, bytes) => {
    for (const line of rewrite(readStream(gemini, bytes)).split('\n')) expect(line).toMatch(/^(data: \{.*\})?$/)
  })

  it.each(STREAMS)('%s gives the same events however it is cut', (_name, bytes) => {
    const whole = readStream(gemini, bytes)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        expect(readStream(gemini, bytes, cuts)).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  it.each(COMPLETE)('%s has the same usage to a tap as to a reader', (_name, bytes) => {
    const tap = gemini.usageTap(false)
    for (const event of sseReader().push(bytes)) expect(tap.see(event)).toBe(false)
    expect(tap.usage()).toEqual(readStream(gemini, bytes).findLast((event) => event.type === 'usage')?.usage)
    expect(tap.seen.model).toBe('gemini-2.5-pro')
  })
})

describe('what a stream says', () => {
  it('counts cached tokens apart from the prompt, and thoughts with the output', () => {
    const events = readStream(gemini, bytesOf('thoughts-and-text'))
    const usage = events.findLast((event) => event.type === 'usage')?.usage
    expect(usage).toMatchObject({ input: 217, cacheRead: 800, output: 83, reasoning: 60, cacheWrite5m: null })
  })

  it('gives parallel calls of one name an id each, never the same in two answers', () => {
    const ids = (text: string) =>
      readStream(gemini, Buffer.from(text)).flatMap((e) => (e.type === 'block-start' && e.block.kind === 'tool-call' ? [e.block.id] : []))
    const first = bytesOf('parallel-calls').toString()
    const all = [...ids(first), ...ids(first.replaceAll('mAitaLmkHPPlz7IP', 'another-answer'))]
    expect(all).toHaveLength(6)
    expect(new Set(all).size).toBe(6)
  })

  it('ends a turn with calls as one', () => {
    expect(readStream(gemini, bytesOf('parallel-calls')).find((event) => event.type === 'finish')).toMatchObject({
      reason: 'tool-calls',
      raw: 'STOP',
    })
  })

  it('takes a blocked prompt for an answer without words', () => {
    const events = readStream(gemini, bytesOf('blocked'))
    expect(events.map((event) => event.type)).toEqual(['start', 'usage', 'finish', 'usage', 'end'])
    expect(events[2]).toMatchObject({ reason: 'content-filter', raw: 'PROHIBITED_CONTENT' })
  })

  it('keeps type and message of an in-stream error', () => {
    const events = readStream(gemini, bytesOf('overloaded'))
    expect(events.at(-1)).toMatchObject({ type: 'error', fault: { code: 'E_UNAVAILABLE', status: 503, upstreamType: 'UNAVAILABLE' } })
    expect(rewrite(events)).toContain(
      '{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}',
    )
  })

  it('that breaks off is an error, not an end', () => {
    const bytes = bytesOf('two-candidates')
    const events = readStream(gemini, bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 4))
    expect(events.at(-1)).toMatchObject({ type: 'error', fault: { code: 'E_UPSTREAM' } })
  })
})
