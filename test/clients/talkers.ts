/** A client of one format that keeps its conversation as it came, and runs the tools it is told to. */
export interface Talker {
  /** Asks one model; answers the calls it makes, by itself or by the next model of `models`. Resolves with the last words. */
  ask(text: string, models: readonly string[]): Promise<string>
}

type Json = Record<string, unknown>
type Post = (path: string, body: Json) => Promise<Json>

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const MOST_STEPS = 4

interface Step {
  readonly text: string
  /** Puts the results of the calls into the conversation; null when there were none. */
  readonly answer: (() => void) | null
}

/** A conversation in which every step is one post. */
function talker(say: (text: string) => void, step: (model: string) => Promise<Step>): Talker {
  return {
    async ask(text, models) {
      say(text)
      for (let i = 0; i < MOST_STEPS; i++) {
        const { text: answer, answer: results } = await step(models[Math.min(i, models.length - 1)] ?? '')
        if (results === null) return answer
        results()
      }
      throw new Error('it never stops calling tools')
    },
  }
}

export const TALKERS: Readonly<Record<string, (post: Post) => Talker>> = {
  'openai-chat': (post) => {
    const messages: Json[] = []
    const tools = [{ type: 'function', function: { name: 'get_weather', parameters: SCHEMA } }]
    return talker(
      (content) => messages.push({ role: 'user', content }),
      async (model) => {
        const { choices } = await post('/v1/chat/completions', { model, messages, tools, reasoning_effort: 'low' })
        const { message } = (choices as { message: Json & { tool_calls?: { id: string }[]; content: string } }[])[0]!
        messages.push(message)
        const calls = message.tool_calls
        const results = calls?.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: '20 degrees' }))
        return { text: message.content, answer: results === undefined ? null : () => messages.push(...results) }
      },
    )
  },
  'openai-responses': (post) => {
    const input: Json[] = []
    const tools = [{ type: 'function', name: 'get_weather', parameters: SCHEMA }]
    return talker(
      (content) => input.push({ role: 'user', content }),
      async (model) => {
        const include = ['reasoning.encrypted_content']
        const body = { model, input, tools, store: false, include, reasoning: { effort: 'low', summary: 'auto' } }
        const output = (await post('/v1/responses', body)).output as Json[]
        input.push(...output)
        const calls = output.filter((item) => item.type === 'function_call')
        const results = calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: '20 degrees' }))
        const said = output.flatMap((item) => (item.type === 'message' ? (item.content as { text: string }[]) : []))
        return { text: said.map((part) => part.text).join(''), answer: calls.length === 0 ? null : () => input.push(...results) }
      },
    )
  },
  'anthropic-messages': (post) => {
    const messages: Json[] = []
    const tools = [{ name: 'get_weather', input_schema: SCHEMA }]
    return talker(
      (content) => messages.push({ role: 'user', content }),
      async (model) => {
        const body = { model, max_tokens: 4000, messages, tools, thinking: { type: 'enabled', budget_tokens: 2000 } }
        const content = (await post('/v1/messages', body)).content as (Json & { text?: string })[]
        messages.push({ role: 'assistant', content })
        const calls = content.filter((block) => block.type === 'tool_use')
        const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: '20 degrees' }))
        const text = content.map((block) => block.text ?? '').join('')
        return { text, answer: calls.length === 0 ? null : () => messages.push({ role: 'user', content: results }) }
      },
    )
  },
  gemini: (post) => {
    const contents: Json[] = []
    const tools = [{ functionDeclarations: [{ name: 'get_weather', parameters: SCHEMA }] }]
    return talker(
      (text) => contents.push({ role: 'user', parts: [{ text }] }),
      async (model) => {
        const generationConfig = { thinkingConfig: { thinkingBudget: 2000, includeThoughts: true } }
        const { candidates } = await post(`/v1beta/models/${model}:generateContent`, { contents, tools, generationConfig })
        const { content } = (candidates as { content: Json & { parts: Part[] } }[])[0]!
        contents.push(content)
        const calls = content.parts.flatMap((part) => part.functionCall ?? [])
        const parts = calls.map((call) => ({ functionResponse: { ...call, args: undefined, response: { output: '20 degrees' } } }))
        const text = content.parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join('')
        return { text, answer: calls.length === 0 ? null : () => contents.push({ role: 'user', parts }) }
      },
    )
  },
}

interface Part {
  readonly text?: string
  readonly thought?: boolean
  readonly functionCall?: { readonly id?: string; readonly name: string }
}
