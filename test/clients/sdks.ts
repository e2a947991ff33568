import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'

/** One question through a vendor's own SDK, without retries; rejects with the SDK's own error. */
export interface Sdk {
  readonly name: string
  ask(url: string, model: string, text: string): Promise<string>
  stream(url: string, model: string, text: string): Promise<string>
}

const openai = (url: string): OpenAI => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 })
const anthropic = (url: string): Anthropic => new Anthropic({ baseURL: url, apiKey: 'any', maxRetries: 0 })
const google = (url: string): GoogleGenAI => new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: url } })

export const SDKS: readonly Sdk[] = [
  {
    name: 'openai chat',
    async ask(url, model, content) {
      const answer = await openai(url).chat.completions.create({ model, messages: [{ role: 'user', content }] })
      return answer.choices[0]?.message.content ?? ''
    },
    async stream(url, model, content) {
      let text = ''
      const body = { model, stream: true as const, messages: [{ role: 'user' as const, content }] }
      for await (const chunk of await openai(url).chat.completions.create(body)) text += chunk.choices[0]?.delta.content ?? ''
      return text
    },
  },
  {
    name: 'openai responses',
    ask: async (url, model, input) => (await openai(url).responses.create({ model, input })).output_text,
    stream: async (url, model, input) => (await openai(url).responses.stream({ model, input }).finalResponse()).output_text,
  },
  {
    name: 'anthropic',
    async ask(url, model, content) {
      const { content: blocks } = await anthropic(url).messages.create({ model, max_tokens: 500, messages: [{ role: 'user', content }] })
      return blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')
    },
    stream: (url, model, content) =>
      anthropic(url)
        .messages.stream({ model, max_tokens: 500, messages: [{ role: 'user', content }] })
        .finalText(),
  },
  {
    name: 'google',
    ask: async (url, model, contents) => (await google(url).models.generateContent({ model, contents })).text ?? '',
    async stream(url, model, contents) {
      let text = ''
      for await (const chunk of await google(url).models.generateContentStream({ model, contents })) text += chunk.text ?? ''
      return text
    },
  },
]
