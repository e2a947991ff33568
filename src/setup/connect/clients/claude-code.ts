import { join } from 'node:path'
import { type Client, modelOf } from '../client.js'

export const claudeCode: Client = {
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
  steps: () => ['Start `claude` anew; `/status` shows the base URL.'],
  limits: [
    'The Claude apps and claude.ai keep to their own servers.',
    'A subscription login is set aside while the token is set: calls are billed to the keys of your pool.',
    'Deferred loading of MCP tools is off for addresses other than the vendor’s own.',
  ],
}
