import { type Client, modelOf } from '../client.js'
import { keyNote } from './openai-sdk.js'

export const anthropicSdk: Client = {
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
    'Without a change of code, in the environment of your program alone:',
    `  ANTHROPIC_BASE_URL=${target.url}`,
    ...keyNote('ANTHROPIC_API_KEY', target.keyNeeded ? target.key : null),
  ],
  limits: ['Files are not served; messages, message batches, token counts and models are.'],
}
