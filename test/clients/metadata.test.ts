import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const headers = { 'x-llmroute-include': 'metadata' }
const body = { contents: [{ role: 'user', parts: [{ text: 'Hello.' }] }] }

interface Chunk {
  readonly candidates?: unknown
  readonly llmroute?: { readonly call: string; readonly costUsd: number }
}

describe.each(UPSTREAMS)('what a Gemini client is told of its call, upstream $vendor', ({ model }) => {
  it('stands in the last chunk, and nowhere in a comment', async () => {
    const text = await (await world.daemon.post(body, { path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`, headers })).text()
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    for (const line of lines) expect(line).toMatch(/^data: \{/)
    const chunks = lines.map((line) => JSON.parse(line.slice(6)) as Chunk)
    expect(chunks.filter((chunk) => chunk.llmroute !== undefined)).toEqual([chunks.at(-1)])
    expect(chunks.at(-1)?.llmroute).toMatchObject({ model, attempts: 1, costUsd: expect.any(Number) })
    expect(chunks.at(-1)?.candidates).toBeDefined()
  })

  it('stands in the last element of an array', async () => {
    const response = await world.daemon.post(body, { path: `/v1beta/models/${model}:streamGenerateContent`, headers })
    const chunks = (await response.json()) as Chunk[]
    expect(chunks.at(-1)?.llmroute).toMatchObject({ call: response.headers.get('x-llmroute-call') })
  })

  it('is left out when nobody asks', async () => {
    const path = `/v1beta/models/${model}:streamGenerateContent?alt=sse`
    expect(await (await world.daemon.post(body, { path })).text()).not.toContain('llmroute"')
  })
})
