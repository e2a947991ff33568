import { join } from 'node:path'
import { type Client, modelOf, SAFE_WINDOW } from '../client.js'

export const openclaw: Client = {
  id: 'openclaw',
  title: 'OpenClaw',
  basis: 'after its documentation of November 2026, not tried',
  traces: ({ home, env }) => [env.OPENCLAW_STATE_DIR ?? join(home, '.openclaw')],
  files(target, { home, env }) {
    const model = modelOf(target)
    return [
      {
        path: env.OPENCLAW_CONFIG_PATH ?? join(env.OPENCLAW_STATE_DIR ?? join(home, '.openclaw'), 'openclaw.json'),
        format: 'json',
        address: ['models', 'providers', 'llmroute', 'baseUrl'],
        changes: [
          { at: ['models', 'mode'], value: 'merge', when: 'absent' },
          {
            at: ['models', 'providers', 'llmroute'],
            value: {
              baseUrl: `${target.url}/v1`,
              apiKey: target.key,
              api: 'openai-completions',
              models: [
                {
                  id: model,
                  name: `llmroute ${model}`,
                  reasoning: true,
                  input: ['text', 'image'],
                  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
                  contextWindow: SAFE_WINDOW.context,
                  maxTokens: SAFE_WINDOW.output,
                },
              ],
            },
          },
          { at: ['agents', 'defaults', 'model', 'primary'], value: `llmroute/${model}` },
        ],
      },
    ]
  },
  steps: (target) => [
    'Restart the gateway with `openclaw gateway restart`.',
    `Where agents.defaults.models lists the models allowed, add "llmroute/${modelOf(target)}" to it.`,
  ],
  limits: ['The cost that OpenClaw shows is 0: what was really spent is in `llmroute report`.'],
}
