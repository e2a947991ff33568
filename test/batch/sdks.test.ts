import Anthropic from '@anthropic-ai/sdk'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { type BatchVendors, batchConfig, startBatchVendors } from '../upstreams/batch-vendors.js'
import { PATIENT, until } from './until.js'

vi.setConfig(PATIENT)

let vendors: BatchVendors
let daemon: TestDaemon
beforeAll(async () => {
  vendors = await startBatchVendors({ fate: (prompt) => (prompt === 'bad' ? 'refused' : 'ok') })
  daemon = await runDaemon(batchConfig(vendors.url))
})
afterAll(async () => {
  await daemon.end()
  await vendors.close()
})

function fileOf(prompts: readonly string[], model = 'auto') {
  const line = (prompt: string, i: number) => ({
    ...{ custom_id: `request-${i}`, method: 'POST', url: '/v1/chat/completions' },
    body: { model, messages: [{ role: 'user', content: prompt }] },
  })
  return toFile(Buffer.from(prompts.map((prompt, i) => `${JSON.stringify(line(prompt, i))}\n`).join('')), 'lines.jsonl')
}

it("serves the openai SDK's files and batches", async () => {
  const client = new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey: 'any', maxRetries: 0 })
  const file = await client.files.create({ file: await fileOf(['one', 'two', 'bad', 'four']), purpose: 'batch' })
  expect(file).toMatchObject({ object: 'file', purpose: 'batch', filename: 'lines.jsonl' })
  const metadata = { job: 'nightly' }
  let batch = await client.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h', metadata })
  expect(batch).toMatchObject({ object: 'batch', input_file_id: file.id, metadata, request_counts: { total: 4 } })
  await until(async () => {
    batch = await client.batches.retrieve(batch.id)
    return batch.status === 'completed'
  })
  expect(daemon.errors).toEqual([])
  expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 4, completed: 3, failed: 1 } })
  const output = await (await client.files.content(batch.output_file_id!)).text()
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map((line) => line.custom_id)).toEqual(['request-0', 'request-1', 'request-3'])
  expect(lines[1]).toEqual({
    id: expect.stringMatching(/^batch_req_/),
    custom_id: 'request-1',
    response: { status_code: 200, request_id: expect.any(String), body: expect.objectContaining({ object: 'chat.completion' }) },
    error: null,
  })
  expect(lines[1].response.body.choices[0].message.content).toBe('echo two')
  const errors = await (await client.files.content(batch.error_file_id!)).text()
  expect(JSON.parse(errors)).toMatchObject({ custom_id: 'request-2', response: { status_code: 400 } })
  expect((await client.files.retrieve(batch.output_file_id!)).purpose).toBe('batch_output')
  const listed = []
  for await (const one of client.batches.list()) listed.push(one.id)
  expect(listed).toContain(batch.id)
  expect(await client.files.delete(file.id)).toMatchObject({ deleted: true })
  await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 })
  await expect(client.batches.retrieve('batch_none')).rejects.toMatchObject({ status: 404 })
  await expect(client.batches.cancel(batch.id)).rejects.toMatchObject({ status: 409 })
})

it("serves the anthropic SDK's message batches", async () => {
  const client = new Anthropic({ baseURL: daemon.url, apiKey: 'any', maxRetries: 0 })
  const request = (custom_id: string, content: string) => ({
    custom_id,
    params: { model: 'auto:economy', max_tokens: 100, messages: [{ role: 'user' as const, content }] },
  })
  let batch = await client.messages.batches.create({ requests: [request('a', 'first'), request('b', 'bad'), request('c', 'third')] })
  expect(batch).toMatchObject({ type: 'message_batch', processing_status: 'in_progress', results_url: null })
  await until(async () => {
    batch = await client.messages.batches.retrieve(batch.id)
    return batch.processing_status === 'ended'
  })
  expect(daemon.errors).toEqual([])
  expect(batch.request_counts).toEqual({ processing: 0, succeeded: 2, errored: 1, canceled: 0, expired: 0 })
  const results = []
  for await (const result of await client.messages.batches.results(batch.id)) results.push(result)
  expect(results.map((r) => [r.custom_id, r.result.type])).toEqual([
    ['a', 'succeeded'],
    ['b', 'errored'],
    ['c', 'succeeded'],
  ])
  expect(results[0]?.result).toMatchObject({
    message: { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'echo first' }] },
  })
  const listed = []
  for await (const one of client.messages.batches.list()) listed.push(one.id)
  expect(listed).toEqual([batch.id])
  expect(await client.messages.batches.delete(batch.id)).toEqual({ id: batch.id, type: 'message_batch_deleted' })
  await expect(client.messages.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 404 })
  const wrong = client.messages.batches.create({ requests: [request('a', 'first'), { custom_id: 'b' } as never] })
  await expect(wrong).rejects.toThrow('requests.1: this is not a request with custom_id and params')
})

it('cancels, and says what is wrong with a file', async () => {
  const slow = await startBatchVendors({ delayMs: 3_600_000 })
  const waiting = await runDaemon(batchConfig(slow.url))
  const client = new OpenAI({ baseURL: `${waiting.url}/v1`, apiKey: 'any', maxRetries: 0 })
  const file = await client.files.create({ file: await fileOf(['one'], 'google/gemini-2.5-flash'), purpose: 'batch' })
  const wish = { endpoint: '/v1/chat/completions', completion_window: '24h' } as const
  const batch = await client.batches.create({ ...wish, input_file_id: file.id })
  const early = expect.objectContaining({ status: 404, message: expect.stringMatching(/no results yet/) })
  await expect(client.files.content(`file-out-${batch.id}`)).rejects.toEqual(early)
  expect((await client.batches.cancel(batch.id)).status).toMatch(/^cancel/)
  const broken = await client.files.create({ file: await toFile(Buffer.from('{"custom_id":"a"'), 'x.jsonl'), purpose: 'batch' })
  await expect(client.batches.create({ ...wish, input_file_id: broken.id })).rejects.toMatchObject({ status: 400 })
  const good = (id: string) => JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body: { messages: [] } })
  for (const [text, what] of [
    [`${good('a')}\n\n${good('a')}`, /line 3: the id "a" is there twice/],
    [`${good('a')}\nnot JSON`, /line 2: this is not in OpenAI's batch format/],
    [`${good('a')}\n{"custom_id":`, /line 2: this is not valid JSON/],
    ['', /there is no line in it/],
  ] as const) {
    const { id } = await client.files.create({ file: await toFile(Buffer.from(text), 'x.jsonl'), purpose: 'batch' })
    await expect(client.batches.create({ ...wish, input_file_id: id })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(what),
    })
  }
  await expect(client.files.create({ file: await fileOf(['x']), purpose: 'assistants' })).rejects.toMatchObject({ status: 400 })
  await waiting.end()
  await slow.close()
})
