import { join } from 'node:path'
import type { Client } from '../client.js'

export const windsurf: Client = {
  id: 'windsurf',
  title: 'Windsurf (Devin Desktop)',
  basis: 'after its documentation of November 2026',
  traces: ({ home }) => [join(home, '.windsurf'), join(home, '.codeium', 'windsurf')],
  steps: () => [
    'Its own assistant has no setting for another address.',
    'Agents that run inside it can be routed: connect them by name, as in `llmroute connect claude-code --write`, `codex`, `opencode`, `cline` or `continue`.',
    'Agents over ACP are listed in ~/.windsurf/acp/registry.json ("Open Local ACP Registry Config" in the command palette) and use their own settings.',
  ],
  limits: ['Cascade, Devin Local, Tab and Command cannot be routed: they talk to their maker’s servers only.'],
}
