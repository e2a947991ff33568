import { type Content, FunctionCallingConfigMode, type FunctionDeclaration, GoogleGenAI, Type } from '@google/genai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GREETING, THINKING } from '../upstreams/strict/brain.js'
import { openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
let client: GoogleGenAI

beforeAll(async () => {
  world = await openWorld()
  client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: world.daemon.url } })
})
afterAll(() => world.close())

const WEATHER: FunctionDeclaration = {
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
}
const tools = [{ functionDeclarations: [WEATHER] }]

describe.each(UPSTREAMS)('generateContent of the Google SDK, upstream $vendor', ({ model }) => {
  it('gets an answer', async () => {
    const answer = await client.models.generateContent({
      model,
      contents: 'Hello.',
      config: { systemInstruction: 'Be brief.', temperature: 0.5, maxOutputTokens: 500 },
    })
    expect(answer.text).toBe(GREETING)
    expect(answer.candidates?.[0]?.finishReason).toBe('STOP')
    expect(answer.usageMetadata).toMatchObject({ promptTokenCount: 120, cachedContentTokenCount: 100, totalTokenCount: 150 })
  })

  it('streams', async () => {
    let text = ''
    let finish: unknown
    let usage: unknown
    for await (const chunk of await client.models.generateContentStream({ model, contents: 'Hello.' })) {
      text += chunk.text ?? ''
      finish = chunk.candidates?.[0]?.finishReason ?? finish
      usage = chunk.usageMetadata ?? usage
    }
    expect(text).toBe(GREETING)
    expect(finish).toBe('STOP')
    expect(usage).toMatchObject({ promptTokenCount: 120, totalTokenCount: 150 })
  })

  it.each([
    [false, 'get_weather'],
    [true, 'get_weather'],
    // A name that other vendors refuse.
    [false, 'weather.of:city'],
    [true, 'weather.of:city'],
  ])('goes through a tool round trip with thoughts, stream %s, tool %s', async (streams, name) => {
    const tools = [{ functionDeclarations: [{ ...WEATHER, name }] }]
    const ask = async (contents: Content[]): Promise<Content> => {
      const request = { model, contents, config: { tools, thinkingConfig: { includeThoughts: true, thinkingBudget: 1500 } } }
      if (!streams) return (await client.models.generateContent(request)).candidates![0]!.content!
      const parts = []
      for await (const chunk of await client.models.generateContentStream(request))
        parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []))
      return { role: 'model', parts }
    }
    const contents: Content[] = [{ role: 'user', parts: [{ text: 'Weather in «Paris» and «Köln»? First say so.' }] }]
    const first = await ask(contents)
    const thoughts = first.parts?.filter((p) => p.thought).map((p) => p.text)
    expect(thoughts?.join('')).toBe(THINKING)
    const calls = (first.parts ?? []).flatMap((p) => p.functionCall ?? [])
    expect(calls.map((c) => c.name)).toEqual([name, name])
    expect(calls.map((c) => c.args)).toEqual([{ city: 'Paris' }, { city: 'Köln' }])
    const parts = calls.map(({ id, name }, i) => ({
      functionResponse: { ...(id ? { id } : {}), name: name!, response: { output: `${20 + i} degrees` } },
    }))
    const second = await ask([...contents, first, { role: 'user', parts }])
    const text = second.parts
      ?.filter((p) => !p.thought)
      .map((p) => p.text)
      .join('')
    expect(text).toBe('The tools said: 20 degrees | 21 degrees')
    const third = await ask([...contents, first, { role: 'user', parts }, second, { role: 'user', parts: [{ text: 'Thanks.' }] }])
    expect(
      third.parts
        ?.filter((p) => !p.thought)
        .map((p) => p.text)
        .join(''),
    ).toBe(GREETING)
  })

  it.each([FunctionCallingConfigMode.ANY, FunctionCallingConfigMode.NONE])('keeps the calling mode %s', async (mode) => {
    const config = { tools, toolConfig: { functionCallingConfig: { mode } } }
    const answer = await client.models.generateContent({ model, contents: 'Hello.', config })
    expect(answer.functionCalls?.map((c) => c.name)).toEqual(mode === 'ANY' ? ['get_weather'] : undefined)
  })

  it.each(['responseSchema', 'responseJsonSchema'])('answers to a %s', async (field) => {
    const own = { type: Type.OBJECT, properties: { name: { type: Type.STRING } }, required: ['name'] }
    const plain = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false }
    const config = { responseMimeType: 'application/json', [field]: field === 'responseSchema' ? own : plain }
    const answer = await client.models.generateContent({ model, contents: 'A city.', config })
    expect(JSON.parse(answer.text ?? '')).toEqual({ name: 'Paris' })
  })

  it('counts tokens without asking anyone', async () => {
    const before = world.vendors.posts.length
    const { totalTokens } = await client.models.countTokens({ model, contents: 'How many tokens is this?' })
    expect(totalTokens).toBeGreaterThan(4)
    expect(totalTokens).toBeLessThan(100)
    expect(world.vendors.posts.length).toBe(before)
  })
})
