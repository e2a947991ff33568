import Anthropic from '@anthropic-ai/sdk'
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createLocalKey } from '../../src/config/index.js'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { type BatchVendors, batchConfig, startBatchVendors } from '../upstreams/batch-vendors.js'
import { PATIENT, until } from './until.js'

vi.setConfig(PATIENT)

let vendors: BatchVendors
let daemon: TestDaemon
let keys: Record<'alice' | 'bob', string>
beforeAll(async () => {
  vendors = await startBatchVendors()
  daemon = await runDaemon(batchConfig(vendors.url, { server: { key: 'the owner' } }))
  const make = (name: string) =>
    createLocalKey(`${daemon.folder}/keys.json`, { name, tier: null, profile: null, budget: null }, Date.now()).key
  keys = { alice: make('alice'), bob: make('bob') }
})
afterAll(async () => {
  await daemon.end()
  await vendors.close()
})

const openai = (apiKey: string) => new OpenAI({ baseURL: `${daemon.url}/v1`, apiKey, maxRetries: 0 })
const anthropic = (apiKey: string) => new Anthropic({ baseURL: daemon.url, apiKey, maxRetries: 0 })
const MISSING = expect.objectContaining({ status: 404 })

async function all<T extends { id: string }>(list: AsyncIterable<T>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of list) ids.push(id)
  return ids
}

it("keeps a key's files and batches from every other key", async () => {
  const [alice, bob, owner] = [openai(keys.alice), openai(keys.bob), openai('the owner')]
  const body = { model: 'auto', messages: [{ role: 'user', content: 'a secret' }] }
  const line = { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body }
  const file = await alice.files.create({ file: await toFile(Buffer.from(JSON.stringify(line)), 'a.jsonl'), purpose: 'batch' })
  const wish = { endpoint: '/v1/chat/completions', completion_window: '24h', input_file_id: file.id } as const
  await expect(bob.batches.create(wish)).rejects.toEqual(expect.objectContaining({ status: 400 }))
  const batch = await alice.batches.create(wish)
  await expect(bob.batches.cancel(batch.id)).rejects.toEqual(MISSING)
  await until(async () => (await alice.batches.retrieve(batch.id)).status === 'completed')
  const { output_file_id } = await alice.batches.retrieve(batch.id)
  expect(await (await alice.files.content(output_file_id!)).text()).toContain('echo a secret')

  await expect(bob.files.retrieve(file.id)).rejects.toEqual(MISSING)
  await expect(bob.files.content(file.id)).rejects.toEqual(MISSING)
  await expect(bob.files.delete(file.id)).rejects.toEqual(MISSING)
  await expect(bob.files.retrieve(output_file_id!)).rejects.toEqual(MISSING)
  await expect(bob.files.content(output_file_id!)).rejects.toEqual(MISSING)
  await expect(bob.batches.retrieve(batch.id)).rejects.toEqual(MISSING)
  expect(await all(bob.files.list())).toEqual([])
  expect(await all(bob.files.list({ after: file.id }))).toEqual([])
  expect(await all(bob.batches.list())).toEqual([])
  expect(await all(alice.batches.list())).toEqual([batch.id])
  // Whoever holds the daemon's own key may see everything, as its ledger does.
  expect(await all(owner.batches.list())).toEqual([batch.id])
  expect((await alice.files.retrieve(file.id)).id).toBe(file.id)
})

it("keeps a key's message batches from every other key", async () => {
  const [alice, bob] = [anthropic(keys.alice).messages.batches, anthropic(keys.bob).messages.batches]
  const params = { model: 'auto', max_tokens: 10, messages: [{ role: 'user' as const, content: 'a secret' }] }
  const batch = await alice.create({ requests: [{ custom_id: 'a', params }] })
  await expect(bob.cancel(batch.id)).rejects.toEqual(MISSING)
  await until(async () => (await alice.retrieve(batch.id)).processing_status === 'ended')
  await expect(bob.retrieve(batch.id)).rejects.toEqual(MISSING)
  await expect(bob.results(batch.id)).rejects.toEqual(MISSING)
  await expect(bob.delete(batch.id)).rejects.toEqual(MISSING)
  expect(await all(bob.list())).toEqual([])
  expect(await all(alice.list())).toEqual([batch.id])
})

it('asks everybody for a key, and counts lines against the budget of the key that sent them', async () => {
  for (const path of ['/v1/files', '/v1/batches', '/v1/messages/batches', '/v1/files/file-out-batch_x/content'])
    expect((await fetch(`${daemon.url}${path}`)).status).toBe(401)
  const calls = daemon.ledger.listCalls({})
  expect(calls).toHaveLength(2)
  expect(calls.map((call) => call.key)).toEqual(['alice', 'alice'])
})

it('keeps no key that stands among the tags of a batch', async () => {
  const headers = { 'x-llmroute-tags': 'nightly, sk-proj-abcdefghijklmnopqrstuvwxyz012345' }
  const params = { model: 'auto', max_tokens: 10, messages: [{ role: 'user' as const, content: 'hello' }] }
  const { id } = await anthropic(keys.alice).messages.batches.create({ requests: [{ custom_id: 'a', params }] }, { headers })
  expect(JSON.parse(daemon.ledger.batch.job(id)!.terms)).toMatchObject({ tags: ['nightly', '[redacted:sk-p]'] })
})
