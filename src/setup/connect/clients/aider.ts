import { join } from 'node:path'
import { type Client, modelOf } from '../client.js'

export const aider: Client = {
  id: 'aider',
  title: 'Aider',
  basis: 'after its documentation of November 2026, not tried',
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
    'Start `aider` anew. A .aider.conf.yml in the repository goes before this one; --no-show-model-warnings silences the notice.',
  ],
  limits: ['A model given as `--model anthropic/…` or `gemini/…` goes to that vendor directly.'],
  overriddenBy: ['AIDER_OPENAI_API_BASE', 'AIDER_MODEL'],
}
