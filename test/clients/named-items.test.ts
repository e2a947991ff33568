import { createOpenAI } from '@ai-sdk/openai'
import { generateText, type ModelMessage, streamText } from 'ai'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createLocalKey, localKeysPath } from '../../src/config/index.js'
import { GREETING } from '../upstreams/strict/brain.js'
import { modelOf, openWorld, UPSTREAMS, type World } from './open-world.js'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const SAID = JSON.stringify(GREETING).slice(1, -1)

/** Messages of the ai SDK after one answer; by default it names them on later turns (`item_reference`) and does not send them. */
async function converse(model: string, messages: readonly ModelMessage[], stream = false): Promise<ModelMessage[]> {
  const asked = {
    model: createOpenAI({ baseURL: `${world.daemon.url}/v1`, apiKey: 'any' })(model),
    messages: [...messages, { role: 'user' as const, content: 'Hello.' }],
    maxRetries: 0,
  }
  const errors: unknown[] = []
  const result = stream ? streamText({ ...asked, onError: ({ error }) => void errors.push(error) }) : await generateText(asked)
  const { messages: said } = await result.response
  expect(errors).toEqual([])
  return [...asked.messages, ...said]
}

const others = UPSTREAMS.filter(({ vendor }) => vendor !== 'responses')

describe('an answer that the client names in place of sending it', () => {
  it.each(others.flatMap(({ model }) => UPSTREAMS.map((next) => [model, next.model] as const)))(
    'of %s is known to %s',
    async (first, second) => {
      for (const stream of [false, true]) {
        const begun = await converse(first, [], stream)
        expect(JSON.stringify(begun)).toContain('itemId')
        await converse(second, begun, stream)
        expect(world.last().refused).toBeNull()
        expect(JSON.stringify(world.last().body)).toContain(SAID)
      }
    },
  )

  it('that its provider keeps is asked of that provider', async () => {
    const begun = await converse(modelOf('responses'), [])
    await converse(modelOf('responses'), begun)
    expect(JSON.stringify(world.last().body)).toContain('item_reference')
    await expect(converse(modelOf('messages'), begun)).rejects.toThrow('goes on with what its vendor keeps')
  })

  it('is not told to the holder of another local key', async () => {
    const { daemon, close } = await openWorld()
    onTestFinished(close)
    const path = localKeysPath(daemon.runtime.loaded())
    const [alice, bob] = ['alice', 'bob'].map((name) => createLocalKey(path, { name, tier: null, profile: null, budget: null }, 0).key)
    const ask = (key: string | undefined, input: unknown) =>
      daemon.post({ model: modelOf('messages'), input }, { path: '/v1/responses', headers: { authorization: `Bearer ${key}` } })
    const { output } = (await (await ask(alice, 'Hello.')).json()) as { output: readonly { readonly id: string }[] }
    const again = [...output.map(({ id }) => ({ type: 'item_reference', id })), { role: 'user', content: 'And?' }]
    expect((await ask(alice, again)).status).toBe(200)
    expect((await ask(bob, again)).status).toBe(400)
  })

  it('counts among the tokens of a prompt', async () => {
    const ask = async (path: string, input: unknown): Promise<Response> =>
      world.daemon.post({ model: modelOf('messages'), input }, { path })
    const said = (await (await ask('/v1/responses', 'Hello.')).json()) as { output: readonly { readonly id: string }[] }
    const count = async (input: unknown): Promise<number> => {
      const counted = (await (await ask('/v1/responses/input_tokens', input)).json()) as { input_tokens: number }
      return counted.input_tokens
    }
    const named = said.output.map(({ id }) => ({ type: 'item_reference', id }))
    const next = { role: 'user', content: 'And?' }
    expect(await count([...named, next])).toBe(await count([...said.output, next]))
    expect(await count([...named, next])).toBeGreaterThan(await count([next]))
  })

  it('that nobody knows any more is refused with what to do', async () => {
    const input = [
      { role: 'user', content: 'Hi' },
      { type: 'item_reference', id: 'msg_01M821VA55ETCFGKJFZZW0T052_0' },
    ]
    const response = await world.daemon.post({ model: modelOf('messages'), input }, { path: '/v1/responses' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('Send the whole conversation')
  })
})
