import type { Change } from '../../src/setup/edit/format.js'

/** What Codex is pointed here by. */
export const CODEX: Change[] = [
  { at: ['model'], value: 'auto' },
  { at: ['model_provider'], value: 'llmroute' },
  { at: ['model_providers', 'llmroute', 'base_url'], value: 'http://127.0.0.1:4141/v1' },
  { at: ['model_providers', 'llmroute', 'request_max_retries'], value: 0 },
]
