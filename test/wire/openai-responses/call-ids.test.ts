import { describe, expect, it } from 'vitest'
import { codecFor, spliceBody } from '../../../src/wire/index.js'
import { openaiResponses } from '../../../src/wire/openai-responses/index.js'
import { targetOf } from '../targets.js'

type Json = Readonly<Record<string, unknown>>
const LONG = `call_${'x'.repeat(70)}`
const call = (call_id: string): Json => ({ type: 'function_call', call_id, name: 'f', arguments: '{}' })
const output = (call_id: string): Json => ({ type: 'function_call_output', call_id, output: 'ok' })
const user = { type: 'message', role: 'user', content: 'go' }

function idsOf(body: unknown): unknown[] {
  return (body as { input: readonly Json[] }).input.flatMap((item) => (item.call_id === undefined ? [] : [item.call_id]))
}

/** Kimi counts calls from 0, llama.cpp's parsers in every answer: `Duplicate function_call_output for call_id 'terminal:0'`. */
describe('ids of calls at OpenAI', () => {
  it('are each used once, and given to their outputs', () => {
    const input = [user, call('f:0'), output('f:0'), call('f:0'), call('f:0'), output('f:0'), output('f:0'), call('b'), output('b')]
    const body = { model: 'm', input }
    const sent = JSON.parse(
      spliceBody(Buffer.from(JSON.stringify(body)), body, openaiResponses.relaySplices(body, targetOf('m'))).toString(),
    ) as Json
    expect(idsOf(sent)).toEqual(['f:0', 'f:0', 'f:0_2', 'f:0_3', 'f:0_2', 'f:0_3', 'b', 'b'])
  })

  it('are each used once where the conversation came in another format, and short enough', () => {
    const called = (id: string): Json => ({
      role: 'assistant',
      tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
    })
    const ran = (id: string): Json => ({ role: 'tool', tool_call_id: id, content: 'ok' })
    const messages = [{ role: 'user', content: 'go' }, called(LONG), ran(LONG), called(LONG), ran(LONG)]
    const request = codecFor('openai-chat').readRequest({ model: 'm', messages }, { headers: {} })
    const ids = idsOf(openaiResponses.writeRequest(request, targetOf('m')).body) as string[]
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).toBe(ids[3])
    expect(new Set(ids).size).toBe(2)
    expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(64)
  })

  it('that the provider keeps itself stay as they are', () => {
    const body = { model: 'm', previous_response_id: 'resp_1', input: [output(LONG)] }
    expect(openaiResponses.relaySplices(body, targetOf('m'))).toEqual([])
  })
})
