import { join } from 'node:path'
import { type Client, modelOf } from '../client.js'

export const codex: Client = {
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
    'Start `codex` anew. It warns that it has no metadata for this model; that is harmless.',
    'Its web search is off now, since only models that host one could be chosen otherwise; remove the line web_search to have it back.',
  ],
  limits: [
    'Codex in the cloud and its code reviews run on the vendor’s servers.',
    'A `--model` or `--profile` on its command line goes first.',
  ],
}
