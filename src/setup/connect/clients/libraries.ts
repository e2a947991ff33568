import { type Client, modelOf } from '../client.js'

/** Libraries that a program of the user is built on: there is no file to edit. */
export const LIBRARIES: readonly Client[] = [
  {
    id: 'openai-sdk',
    title: 'OpenAI SDK',
    basis: 'tried with openai 6.49 for Node in November 2026',
    traces: () => [],
    steps: (target) => [
      'Node:',
      `  const client = new OpenAI({ baseURL: '${target.url}/v1', apiKey: '${target.key}' })`,
      `  await client.chat.completions.create({ model: '${modelOf(target)}', messages })`,
      'Python:',
      `  client = OpenAI(base_url="${target.url}/v1", api_key="${target.key}")`,
      'Without changing code, in the environment of your program only:',
      `  OPENAI_BASE_URL=${target.url}/v1`,
      ...keyNote('OPENAI_API_KEY', target.keyNeeded ? target.key : null),
    ],
    limits: [
      'Images, audio, assistants and fine-tuning are not served, and files for batches only; chat, responses, embeddings, batches and models are.',
      'A conversation that OpenAI stores (previous_response_id, or item references, which the ai SDK sends unless store is false) continues at OpenAI only.',
      'References to items of other models work until llmroute stops; after that such a request is refused: send the whole conversation (store: false).',
    ],
  },
  {
    id: 'anthropic-sdk',
    title: 'Anthropic SDK',
    basis: 'tried with @anthropic-ai/sdk 1.11 for Node in November 2026',
    traces: () => [],
    steps: (target) => [
      'Node:',
      `  const client = new Anthropic({ baseURL: '${target.url}', apiKey: '${target.key}' })`,
      `  await client.messages.create({ model: '${modelOf(target)}', max_tokens: 1024, messages })`,
      'Python:',
      `  client = Anthropic(base_url="${target.url}", api_key="${target.key}")`,
      'Without changing code, in the environment of your program only:',
      `  ANTHROPIC_BASE_URL=${target.url}`,
      ...keyNote('ANTHROPIC_API_KEY', target.keyNeeded ? target.key : null),
    ],
    limits: ['Files are not served; messages, message batches, token counts and models are.'],
  },
  {
    id: 'langchain',
    title: 'LangChain',
    basis: 'from its documentation of November 2026, not tried',
    traces: () => [],
    steps: (target) => [
      'JavaScript:',
      `  new ChatOpenAI({ model: '${modelOf(target)}', apiKey: '${target.key}', configuration: { baseURL: '${target.url}/v1' } })`,
      `  new ChatAnthropic({ model: '${modelOf(target)}', apiKey: '${target.key}', anthropicApiUrl: '${target.url}' })`,
      'Python:',
      `  ChatOpenAI(model="${modelOf(target)}", api_key="${target.key}", base_url="${target.url}/v1")`,
      `  ChatAnthropic(model="${modelOf(target)}", api_key="${target.key}", base_url="${target.url}")`,
      'Set maxRetries (max_retries in Python) to 0: the router retries and fails over, and the client would do so again.',
    ],
    limits: ['Other model classes call their vendors directly.'],
  },
]

/** The same variable may hold the key that the router itself needs. */
function keyNote(variable: string, key: string | null): readonly string[] {
  return key === null
    ? [`${variable} may stay as it is. Do not export a made-up one for your whole shell: llmroute reads that variable too.`]
    : [`  ${variable}=${key}`, `Do not export it for your whole shell: llmroute reads ${variable} as the key of the provider.`]
}
