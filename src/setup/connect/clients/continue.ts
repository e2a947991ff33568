import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { notEditable } from '../../edit/format.js'
import { type Client, modelOf } from '../client.js'

export const continueDev: Client = {
  id: 'continue',
  title: 'Continue',
  basis: 'CLI 1.5.47, November 2026',
  traces: ({ home, env }) => [env.CONTINUE_GLOBAL_DIR ?? join(home, '.continue')],
  files(target, { home, env }) {
    const folder = env.CONTINUE_GLOBAL_DIR ?? join(home, '.continue')
    const path = join(folder, 'config.yaml')
    // A config.yaml would hide the older file with all that stands in it.
    if (!existsSync(path) && existsSync(join(folder, 'config.json')))
      throw notEditable(`${join(folder, 'config.json')} is in use, and a config.yaml beside it would hide it`)
    return [
      {
        path,
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
    ]
  },
  steps: () => ['Choose "llmroute" in the model list of Continue.'],
  limits: ['Autocomplete and embeddings keep the models that they have.', 'Assistants from the hub bring models of their own.'],
}
