import { extname } from 'node:path'
import type { Machine } from '../machine.js'
import type { Target } from './client.js'
import { CLIENTS } from './client-table.js'
import { settingsFor } from './connect-client.js'

/** A reader's machine, and a proxy where it usually is. */
const HOME = '/home/you'
const MACHINE: Machine = { home: HOME, platform: 'linux', env: {}, cwd: HOME }
const LOCAL: Target = { url: 'http://127.0.0.1:4141', key: 'llmroute', keyNeeded: false, profile: null, at: '2026-11-20T10:00:00.000Z' }
const OUTSIDE: Target = { ...LOCAL, url: 'https://ADDRESS-OF-THE-TUNNEL', key: 'THE-TOKEN', keyNeeded: true }
const LANGUAGES: Readonly<Record<string, string>> = { '.json': 'json', '.toml': 'toml', '.yaml': 'yaml', '.yml': 'yaml' }

/** Every client with its exact settings as Markdown, made from the table that `connect` works with. */
export function clientsPage(): string {
  return `# Connecting clients

\`llmroute connect CLIENT\` prints what is below for your own address; with \`--write\` it edits the client's files after showing the
change, keeps them as they were, and \`--undo\` puts them back byte for byte. Formatting, order and comments of what is not touched stay.

\`\`\`sh
llmroute connect --list
llmroute connect claude-code --write --yes
llmroute connect claude-code --undo
\`\`\`

- \`--profile code\` asks for the model \`auto:code\` instead of \`auto\`. \`--url\` names another address, \`--key\` the credential where \`server.key\` or local keys are configured.
- A file that changed after it was written is not undone blindly: \`--undo --keep\` takes out the settings of llmroute alone, \`--undo --force\` puts the backup back.
- Files in a form that cannot be edited safely (malformed, or the same setting spelled in another way) are refused, unchanged.
- \`llmroute doctor\` says which clients point at a dead port or elsewhere.

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
${client.asksFor === undefined ? '' : `\nIt asks for ${client.asksFor.map((name) => `\`${name}\``).join(' and ')} by itself: have models of these names in the pool, or map them with \`aliases\`.\n`}`
}

/** Indented lines are what is to be entered. */
function line(text: string): string {
  return text.startsWith('  ') ? `    ${text.slice(2)}` : `\n${text}\n`
}
