import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { embedMany } from 'ai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GREETING } from '../upstreams/strict/brain.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
let openai: OpenAI
let anthropic: Anthropic
let google: GoogleGenAI

beforeAll(async () => {
  world = await openWorld()
  openai = new OpenAI({ baseURL: `${world.daemon.url}/v1`, apiKey: 'any', maxRetries: 0 })
  anthropic = new Anthropic({ baseURL: world.daemon.url, apiKey: 'any', maxRetries: 0 })
  google = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: world.daemon.url } })
})
afterAll(() => world.close())

const SOME = ['auto', 'auto:fast', 'gpt-4o', 'chatup/m', 'respup/m2', 'anthup/m', 'gemup/m']

describe('the list of models', () => {
  it('is read by the openai SDK', async () => {
    const ids: string[] = []
    for await (const model of openai.models.list()) ids.push(model.id)
    expect(ids).toEqual(expect.arrayContaining(SOME))
    expect(await openai.models.retrieve('chatup/m')).toMatchObject({ id: 'chatup/m', object: 'model' })
    await expect(openai.models.retrieve('nobody/x')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })

  it('is read by the Anthropic SDK', async () => {
    const ids: string[] = []
    for await (const model of anthropic.models.list()) ids.push(model.id)
    expect(ids).toEqual(expect.arrayContaining(SOME))
    expect(await anthropic.models.retrieve('anthup/m')).toMatchObject({ type: 'model', id: 'anthup/m' })
    await expect(anthropic.models.retrieve('nobody/x')).rejects.toBeInstanceOf(Anthropic.NotFoundError)
  })

  it('is read by the Google SDK', async () => {
    const names: (string | undefined)[] = []
    for await (const model of await google.models.list()) names.push(model.name)
    expect(names).toEqual(expect.arrayContaining(SOME.map((id) => `models/${id}`)))
    expect(await google.models.get({ model: 'gemup/m' })).toMatchObject({ name: 'models/gemup/m', inputTokenLimit: 200_000 })
    await expect(google.models.get({ model: 'nobody/x' })).rejects.toMatchObject({ name: 'ApiError', status: 404 })
  })
})

describe('embeddings', () => {
  it('go to the embedding model of the pool', async () => {
    const answer = await openai.embeddings.create({ model: 'auto', input: ['one', 'two'] })
    expect(answer.data.map((d) => d.embedding)).toEqual([
      [0.5, -0.25],
      [0.5, -0.25],
    ])
    expect(world.last().body.model).toBe('embed')
    const { embeddings } = await embedMany({
      model: createOpenAI({ baseURL: `${world.daemon.url}/v1`, apiKey: 'any' }).embedding('chatup/embed'),
      values: ['one', 'two', 'three'],
    })
    expect(embeddings).toHaveLength(3)
  })
})

describe.each(UPSTREAMS)('legacy completions, upstream $vendor', ({ model }) => {
  it('answer a prompt, whole and streamed', async () => {
    const whole = await openai.completions.create({ model, prompt: 'Hello.', max_tokens: 500 })
    expect(whole).toMatchObject({ object: 'text_completion', choices: [{ text: GREETING, finish_reason: 'stop' }] })
    let text = ''
    for await (const chunk of await openai.completions.create({ model, prompt: ['Hello.'], stream: true }))
      text += chunk.choices[0]?.text ?? ''
    expect(text).toBe(GREETING)
  })
})
