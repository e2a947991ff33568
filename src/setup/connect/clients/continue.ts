import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../../machine.js'
import { type Client, modelOf } from '../client.js'

export const continueDev: Client = {
  id: 'continue',
  title: 'Continue',
  basis: 'tried with the CLI 1.5.47 in November 2026',
  traces: (machine) => [folderOf(machine)],
  obstacle(machine) {
    const [yaml, json] = ['config.yaml', 'config.json'].map((name) => join(folderOf(machine), name))
    return existsSync(yaml ?? '') || !existsSync(json ?? '') ? null : `${json} is in use, and a config.yaml beside it would hide it`
  },
  files: (target, machine) => [
    {
      path: join(folderOf(machine), 'config.yaml'),
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
  limits: ['Autocomplete and embeddings keep the models that they have.', 'Assistants from the hub bring models of their own.'],
}

function folderOf({ home, env }: Machine): string {
  return env.CONTINUE_GLOBAL_DIR ?? join(home, '.continue')
}
