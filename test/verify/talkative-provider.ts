import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Talkative {
  readonly origin: string
  /** Requests so far, by model. */
  readonly asked: ReadonlyMap<string, number>
  /** What a request to a model costs in output tokens: the prompt's own length times the model's verbosity. */
  answerTokens(model: string, prompt: string): number
  /** The whole answer of a wordy provider. */
  answerOf(model: string, prompt: string): string
  close(): Promise<void>
}

export interface TalkativeOptions {
  /** Output tokens of each model relative to a prompt's own. */
  readonly verbosity: Readonly<Record<string, number>>
  /** What a judge says of a pair; `{"better": "A"}` by default. */
  readonly judge?: (prompt: string) => string
  /** Answers are as long as their tokens say, so that they make later prompts longer. */
  readonly wordy?: boolean
}

/** A provider of openai-chat whose models differ in how much they say, which nobody is told. Answers to the same prompt are the same. */
export async function startTalkative({ verbosity, judge = () => '{"better": "A"}', wordy = false }: TalkativeOptions): Promise<Talkative> {
  const asked = new Map<string, number>()
  const answerTokens = (model: string, prompt: string): number => Math.round(lengthOf(prompt) * (verbosity[model] ?? 1))
  const answerOf = (model: string, prompt: string): string => `${model} says: `.padEnd(CHARS * answerTokens(model, prompt), 'well, ')
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (c: Buffer) => chunks.push(c))
    req.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        readonly model: string
        readonly max_tokens?: number
        readonly max_completion_tokens?: number
        readonly messages: readonly { readonly content: string | readonly { readonly text?: string }[] }[]
      }
      const { model } = body
      asked.set(model, (asked.get(model) ?? 0) + 1)
      const texts = body.messages.map((m) => (typeof m.content === 'string' ? m.content : m.content.map((p) => p.text ?? '').join('')))
      const prompt = texts.at(-1) ?? ''
      const compares = prompt.includes('<answer_A>')
      const limit = body.max_completion_tokens ?? body.max_tokens ?? Number.POSITIVE_INFINITY
      const wanted = compares ? 8 : answerTokens(model, prompt)
      const content = compares ? judge(prompt) : wordy ? answerOf(model, prompt) : `${model} says: ${prompt.slice(0, 40)}`
      res.writeHead(200, { 'content-type': 'application/json' })
      res.end(
        JSON.stringify({
          id: 'talk',
          object: 'chat.completion',
          created: 1_760_000_000,
          model,
          choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: wanted > limit ? 'length' : 'stop' }],
          usage: { prompt_tokens: Math.ceil(texts.join('').length / CHARS), completion_tokens: Math.min(limit, wanted) },
        }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answerTokens,
    answerOf,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const CHARS = 4

/** 60 to about 1,000 tokens, by the prompt; a few prompts ask for much. */
function lengthOf(prompt: string): number {
  const [a = 0, b = 0] = createHash('sha256').update(prompt).digest()
  return Math.round(60 + 240 * (a / 255) + (b > 225 ? 700 : 0))
}
