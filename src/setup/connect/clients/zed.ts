import { join } from 'node:path'
import { type Machine, xdgConfig } from '../../machine.js'
import { type Client, modelOf, SAFE_WINDOW } from '../client.js'

export const zed: Client = {
  id: 'zed',
  title: 'Zed',
  basis: 'after its documentation of November 2026, not tried',
  traces: (machine) => [zedFolder(machine)],
  files: (target, machine) => [
    {
      path: join(zedFolder(machine), 'settings.json'),
      format: 'json',
      address: ['language_models', 'openai_compatible', 'llmroute', 'api_url'],
      changes: [
        {
          at: ['language_models', 'openai_compatible', 'llmroute'],
          value: {
            api_url: `${target.url}/v1`,
            available_models: [
              {
                name: modelOf(target),
                display_name: `llmroute ${modelOf(target)}`,
                max_tokens: SAFE_WINDOW.context,
                max_output_tokens: SAFE_WINDOW.output,
                capabilities: { tools: true, images: true, parallel_tool_calls: true, prompt_cache_key: false },
              },
            ],
          },
        },
        { at: ['agent', 'default_model'], value: { provider: 'llmroute', model: modelOf(target) } },
      ],
    },
  ],
  steps: (target) => [
    `Zed keeps keys in the system's keychain: open "agent: open settings", LLM Providers, llmroute, and enter ${target.keyNeeded ? 'the key' : `any text, such as ${target.key}`}.`,
  ],
  limits: [
    'Edit predictions keep to their own provider.',
    'External agents inside Zed (Claude Code, Codex, Gemini CLI) have settings of their own: connect them by name.',
  ],
}

function zedFolder(machine: Machine): string {
  return machine.platform === 'win32' && machine.env.APPDATA ? join(machine.env.APPDATA, 'Zed') : join(xdgConfig(machine), 'zed')
}
