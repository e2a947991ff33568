import { type Client, modelOf } from '../client.js'

export const langchain: Client = {
  id: 'langchain',
  title: 'LangChain',
  basis: 'after its documentation of November 2026, not tried',
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
  limits: ['Models made with other classes keep to their vendors.'],
}
