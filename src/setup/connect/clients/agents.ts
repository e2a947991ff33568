import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Machine, xdgConfig } from '../../machine.js'
import { type Client, modelOf, neutralModelOf, SAFE_WINDOW } from '../client.js'

/** Coding agents, which run on this machine and have a file of settings. */
export const AGENTS: readonly Client[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    basis: 'tried with 2.1.197 in November 2026',
    traces: ({ home, env }) => [env.CLAUDE_CONFIG_DIR ?? join(home, '.claude')],
    files: (target, { home, env }) => [
      {
        path: join(env.CLAUDE_CONFIG_DIR ?? join(home, '.claude'), 'settings.json'),
        format: 'json',
        // 2.1.197 says "Not logged in" with either in the file.
        strict: true,
        address: ['env', 'ANTHROPIC_BASE_URL'],
        changes: [
          ['ANTHROPIC_BASE_URL', target.url],
          ['ANTHROPIC_AUTH_TOKEN', target.key],
          // Its aliases too: background work asks for "haiku", and /model for the others.
          ...['MODEL', 'DEFAULT_HAIKU_MODEL', 'DEFAULT_SONNET_MODEL', 'DEFAULT_OPUS_MODEL'].map((name) => [
            `ANTHROPIC_${name}`,
            modelOf(target),
          ]),
        ].map(([name, value]) => ({ at: ['env', name ?? ''], value: value ?? '' })),
      },
    ],
    steps: () => ['Restart `claude`; `/status` shows the base URL.'],
    limits: [
      'The Claude apps and claude.ai use their own servers.',
      'A subscription login is not used while the token is set: calls are billed to the keys of your pool.',
      'Deferred loading of MCP tools is off for addresses other than the vendor’s own.',
    ],
  },
  {
    id: 'codex',
    title: 'Codex',
    basis: 'tried with 0.169.0 in November 2026',
    traces: ({ home, env }) => [env.CODEX_HOME ?? join(home, '.codex')],
    files: (target, { home, env }) => [
      {
        path: join(env.CODEX_HOME ?? join(home, '.codex'), 'config.toml'),
        format: 'toml',
        address: ['model_providers', 'llmroute', 'base_url'],
        changes: [
          { at: ['model'], value: modelOf(target) },
          { at: ['model_provider'], value: 'llmroute' },
          // Its web search is named in every request and ties the call to models that host one.
          { at: ['web_search'], value: 'disabled', when: 'absent' },
          ...Object.entries({
            name: 'llmroute',
            base_url: `${target.url}/v1`,
            wire_api: 'responses',
            // The router retries and fails over; 0.169 would post one turn up to 30 times.
            request_max_retries: 0,
            stream_max_retries: 0,
            ...(target.keyNeeded ? { experimental_bearer_token: target.key } : {}),
          }).map(([name, value]) => ({ at: ['model_providers', 'llmroute', name], value })),
        ],
      },
    ],
    steps: () => [
      'Restart `codex`. It warns that it has no metadata for this model; that is harmless.',
      'Its web search is turned off, because otherwise only models that host one could be chosen; remove the web_search line to turn it on again.',
    ],
    limits: [
      'Codex in the cloud and its code reviews run on the vendor’s servers.',
      'A `--model` or `--profile` on its command line takes precedence.',
    ],
  },
  {
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
    steps: () => ['Restart `opencode`. An opencode.json in a project takes precedence over this one.'],
    limits: ['Models that you choose under another provider with /models go to that provider.'],
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    basis: 'tried with 0.61.0 in November 2026',
    traces: ({ home, env }) => [join(env.GEMINI_CLI_HOME ?? home, '.gemini')],
    files(target, { home, env }) {
      const folder = join(env.GEMINI_CLI_HOME ?? home, '.gemini')
      return [
        {
          path: join(folder, 'settings.json'),
          format: 'json',
          changes: [
            { at: ['security', 'auth', 'selectedType'], value: 'gemini-api-key' },
            // "auto" has a special meaning here.
            { at: ['model', 'name'], value: neutralModelOf(target) },
          ],
        },
        {
          path: join(folder, '.env'),
          format: 'dotenv',
          address: ['GOOGLE_GEMINI_BASE_URL'],
          changes: [
            { at: ['GOOGLE_GEMINI_BASE_URL'], value: target.url },
            { at: ['GEMINI_API_KEY'], value: target.key },
          ],
        },
      ]
    },
    steps: () => ['Restart `gemini`. It reads only the first .env file that it finds, and one in the project comes before ~/.gemini/.env.'],
    limits: ['A login with a Google account ("Code Assist") uses Google’s servers.'],
    overriddenBy: ['GOOGLE_GEMINI_BASE_URL', 'GEMINI_MODEL'],
    asksFor: ['gemini-2.5-flash', 'gemini-2.5-flash-lite'],
  },
  {
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
      'In an editor where a provider is already chosen, open the settings of Cline and set:',
      '  API Provider: OpenAI Compatible',
      `  Base URL: ${target.url}/v1`,
      `  API Key: ${target.key}`,
      `  Model ID: ${modelOf(target)}`,
    ],
    limits: ['Models of the provider "Cline" are served by its maker.'],
  },
  {
    id: 'continue',
    title: 'Continue',
    basis: 'tried with the CLI 1.5.47 in November 2026',
    traces: (machine) => [continueFolder(machine)],
    obstacle(machine) {
      const [yaml, json] = ['config.yaml', 'config.json'].map((name) => join(continueFolder(machine), name))
      return existsSync(yaml ?? '') || !existsSync(json ?? '') ? null : `${json} is in use, and a config.yaml beside it would hide it`
    },
    files: (target, machine) => [
      {
        path: join(continueFolder(machine), 'config.yaml'),
        format: 'yaml',
        address: ['models', 'llmroute', 'apiBase'],
        changes: [
          { at: ['name'], value: 'Local', when: 'absent' },
          { at: ['version'], value: '1.0.0', when: 'absent' },
          { at: ['schema'], value: 'v1', when: 'absent' },
          {
            at: ['models', 'llmroute'],
            value: {
              provider: 'openai',
              model: modelOf(target),
              apiBase: `${target.url}/v1`,
              apiKey: target.key,
              roles: ['chat', 'edit', 'apply'],
            },
          },
        ],
      },
    ],
    steps: () => ['Choose "llmroute" in the model list of Continue.'],
    limits: ['Autocomplete and embeddings keep their own models.', 'Assistants from the hub bring models of their own.'],
  },
  {
    id: 'aider',
    title: 'Aider',
    basis: 'from its documentation of November 2026, not tried',
    traces: ({ home }) => [join(home, '.aider.conf.yml'), join(home, '.aider')],
    files(target, { home }) {
      // "openai/" tells Aider which client to use; it is not sent.
      const model = `openai/${modelOf(target)}`
      return [
        {
          path: join(home, '.aider.conf.yml'),
          format: 'yaml',
          address: ['openai-api-base'],
          changes: [
            { at: ['openai-api-base'], value: `${target.url}/v1` },
            { at: ['openai-api-key'], value: target.key },
            { at: ['model'], value: model },
            { at: ['weak-model'], value: model },
          ],
        },
      ]
    },
    steps: () => [
      'Restart `aider`. A .aider.conf.yml in the repository takes precedence over this one; --no-show-model-warnings silences the warning about the model.',
    ],
    limits: ['A model given as `--model anthropic/…` or `gemini/…` goes to that vendor directly.'],
    overriddenBy: ['AIDER_OPENAI_API_BASE', 'AIDER_MODEL'],
  },
  {
    id: 'openclaw',
    title: 'OpenClaw',
    basis: 'from its documentation of November 2026, not tried',
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
  },
]

function continueFolder({ home, env }: Machine): string {
  return env.CONTINUE_GLOBAL_DIR ?? join(home, '.continue')
}
