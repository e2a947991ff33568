import { join } from 'node:path'
import { type Client, modelOf } from '../client.js'

export const cline: Client = {
  id: 'cline',
  title: 'Cline',
  basis: 'tried with the CLI 3.0.65 in November 2026',
  traces: ({ home, env }) => [env.CLINE_DIR ?? join(home, '.cline')],
  files: (target, { home, env }) => [
    {
      path: join(env.CLINE_DATA_DIR ?? join(env.CLINE_DIR ?? join(home, '.cline'), 'data'), 'settings', 'providers.json'),
      format: 'json',
      address: ['providers', 'openai-compatible', 'settings', 'baseUrl'],
      changes: [
        { at: ['version'], value: 1, when: 'absent' },
        { at: ['lastUsedProvider'], value: 'openai-compatible' },
        ...Object.entries({ provider: 'openai-compatible', apiKey: target.key, model: modelOf(target), baseUrl: `${target.url}/v1` }).map(
          ([name, value]) => ({ at: ['providers', 'openai-compatible', 'settings', name], value }),
        ),
        { at: ['providers', 'openai-compatible', 'updatedAt'], value: target.at, when: 'absent' },
        { at: ['providers', 'openai-compatible', 'tokenSource'], value: 'manual', when: 'absent' },
      ],
    },
  ],
  steps: (target) => [
    'In an editor that has a provider chosen already, open the settings of Cline and set:',
    '  API Provider: OpenAI Compatible',
    `  Base URL: ${target.url}/v1`,
    `  API Key: ${target.key}`,
    `  Model ID: ${modelOf(target)}`,
  ],
  limits: ['Models of the provider "Cline" are served by its maker.'],
}
