import { extname } from 'node:path'
import type { Target } from '../../src/setup/connect/client.js'
import { CLIENTS } from '../../src/setup/connect/client-table.js'
import { settingsFor } from '../../src/setup/connect/connect-client.js'
import type { Machine } from '../../src/setup/machine.js'

/** A reader's machine, and a proxy at its usual address. */
const HOME = '/home/you'
const MACHINE: Machine = { home: HOME, platform: 'linux', env: {}, cwd: HOME }
const LOCAL: Target = { url: 'http://127.0.0.1:4141', key: 'llmroute', keyNeeded: false, profile: null, at: '2026-11-20T10:00:00.000Z' }
const OUTSIDE: Target = { ...LOCAL, url: 'https://ADDRESS-OF-THE-TUNNEL', key: 'THE-TOKEN', keyNeeded: true }
const LANGUAGES: Readonly<Record<string, string>> = { '.json': 'json', '.toml': 'toml', '.yaml': 'yaml', '.yml': 'yaml' }

/** Every client with its exact settings as Markdown, generated from the table that `connect` uses. */
export function clientsPage(): string {
  return `# Connecting clients

\`llmroute connect CLIENT\` prints the settings below for your own address. With \`--write\` it shows the change, keeps a backup and
edits the client's files; \`--undo\` restores them byte for byte. Formatting, order and comments elsewhere in the files are preserved.

\`\`\`sh
llmroute connect --list
llmroute connect claude-code --write --yes
llmroute connect claude-code --undo
\`\`\`

- \`--profile code\` asks for the model \`auto:code\` instead of \`auto\`. \`--url\` sets another address; \`--key\` sets the credential if \`server.key\` or local keys are configured.
- If a file changed after llmroute wrote it, \`--undo\` asks you to choose: \`--undo --keep\` removes only llmroute's settings, \`--undo --force\` restores the backup.
- A file that cannot be edited safely (malformed, or with the same setting in another notation) is refused and left unchanged.
- \`llmroute doctor\` reports clients that point at a dead port or elsewhere.

${CLIENTS.map(section).join('\n')}`
}

function section(client: (typeof CLIENTS)[number]): string {
  const target = client.remote ? OUTSIDE : LOCAL
  const files = settingsFor(client, target, MACHINE).map(
    ({ path, text }) => `\`${path.replace(HOME, '~')}\`\n\n\`\`\`${LANGUAGES[extname(path)] ?? 'ini'}\n${text}\`\`\`\n\n`,
  )
  return `## ${client.title}

\`llmroute connect ${client.id}\`${client.files === undefined ? ' (by hand)' : ''}, ${client.basis}.

${files.join('')}${client.steps(target, MACHINE).map(line).join('\n')}

Not routed:

${client.limits.map((limit) => `- ${limit}`).join('\n')}
${client.asksFor === undefined ? '' : `\nIt requests ${client.asksFor.map((name) => `\`${name}\``).join(' and ')} by itself: put models of these names in the pool, or map them with \`aliases\`.\n`}`
}

/** Indented lines are for the user to enter. */
function line(text: string): string {
  return text.startsWith('  ') ? `    ${text.slice(2)}` : `\n${text}\n`
}
