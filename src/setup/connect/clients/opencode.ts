import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { xdgConfig } from '../../machine.js'
import { type Client, modelOf, SAFE_WINDOW } from '../client.js'

export const opencode: Client = {
  id: 'opencode',
  title: 'opencode',
  basis: 'tried with 1.18.33 in November 2026',
  traces: (machine) => [join(xdgConfig(machine), 'opencode')],
  files(target, machine) {
    const folder = join(xdgConfig(machine), 'opencode')
    const jsonc = join(folder, 'opencode.jsonc')
    const model = modelOf(target)
    return [
      {
        path: existsSync(jsonc) ? jsonc : join(folder, 'opencode.json'),
        format: 'json',
        address: ['provider', 'llmroute', 'options', 'baseURL'],
        changes: [
          { at: ['$schema'], value: 'https://opencode.ai/config.json', when: 'absent' },
          {
            at: ['provider', 'llmroute'],
            value: {
              npm: '@ai-sdk/openai-compatible',
              name: 'llmroute',
              options: { baseURL: `${target.url}/v1`, apiKey: target.key },
              models: { [model]: { name: `llmroute ${model}`, limit: SAFE_WINDOW } },
            },
          },
          { at: ['model'], value: `llmroute/${model}` },
          { at: ['small_model'], value: `llmroute/${model}` },
        ],
      },
    ]
  },
  steps: () => ['Start `opencode` anew. An opencode.json in a project goes before this one.'],
  limits: ['Models that you choose under another provider with /models keep to that provider.'],
}
