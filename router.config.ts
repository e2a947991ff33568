import { defineConfig } from 'llmroute'

/**
 * The configuration of a fresh clone. Give a key in the environment (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY and others)
 * and llmroute uses a ready-made pool of that provider's models. Add `models` to choose your own.
 */
export default defineConfig({
  default: 'balanced',
  // Without any key, simulated models answer, labelled as such, so that every command can be tried.
  // Remove this line in your own projects: a missing key is then an error instead.
  sandbox: 'when-no-keys',
})
