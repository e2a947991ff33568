import { join } from 'node:path'
import { type Machine, xdgConfig } from '../../machine.js'
import { type Client, modelOf, neutralModelOf, SAFE_WINDOW } from '../client.js'

/** Editors with an assistant of their own. */
export const EDITORS: readonly Client[] = [
  {
    id: 'cursor',
    title: 'Cursor',
    basis: 'from its documentation and forum of November 2026, not tried',
    remote: true,
    traces: ({ home }) => [join(home, '.cursor')],
    steps: (target) => [
      'In Cursor open Settings, Models, API Keys and set:',
      `  OpenAI API Key: ${target.key}`,
      `  Override OpenAI Base URL: ${target.url}/v1`,
      `Then add a custom model named ${neutralModelOf(target)} (or ${neutralModelOf(target)}-high for more effort) and choose it in the chat.`,
      'Cursor treats names that contain gpt- or claude- specially, so use this one.',
    ],
    limits: [
      'Cursor calls from its own servers, so localhost is refused: a public HTTPS tunnel is needed.',
      'The address of the tunnel is a credential: keep it to yourself.',
      'The override applies to every OpenAI model while it is on.',
      'Tab, Auto, Composer and the Cursor CLI do not use it.',
    ],
  },
  {
    id: 'windsurf',
    title: 'Windsurf (Devin Desktop)',
    basis: 'from its documentation of November 2026',
    traces: ({ home }) => [join(home, '.windsurf'), join(home, '.codeium', 'windsurf')],
    steps: () => [
      'Its own assistant has no setting for another address.',
      'Agents that run inside it can be routed: connect them by name, as in `llmroute connect claude-code --write`, `codex`, `opencode`, `cline` or `continue`.',
      'Agents over ACP are listed in ~/.windsurf/acp/registry.json ("Open Local ACP Registry Config" in the command palette) and use their own settings.',
    ],
    limits: ['Cascade, Devin Local, Tab and Command cannot be routed: they talk to their maker’s servers only.'],
  },
  {
    id: 'zed',
    title: 'Zed',
    basis: 'from its documentation of November 2026, not tried',
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
      'Edit predictions use their own provider.',
      'External agents inside Zed (Claude Code, Codex, Gemini CLI) have settings of their own: connect them by name.',
    ],
  },
]

function zedFolder(machine: Machine): string {
  return machine.platform === 'win32' && machine.env.APPDATA ? join(machine.env.APPDATA, 'Zed') : join(xdgConfig(machine), 'zed')
}
