import type { Agent } from './agents.js'
import type { Cell } from './try-agent.js'

export interface Row {
  readonly agent: Agent
  /** Why it could not be installed, or its version. */
  readonly version: string
  /** By the format of the upstream. */
  readonly cells: ReadonlyMap<string, Cell>
}

const INTRO = `# Coding agents through llmroute

Each agent is installed from the npm registry, pointed at a running \`llmroute serve\` by \`llmroute connect\` (pi by its own \`models.json\`), and asked in print mode to run one
command in the shell. The pool has one model, of the format that heads the column: a stand-in that answers
from this machine and holds each request to rules written after that vendor's documentation. No real model was asked.
A cell is good when the agent ran the tool, the result reached the model, the agent printed what the tool had printed, and the stand-in refused nothing. No login and no key is needed.
`

/** The document: one row an agent and format, one column a format of the upstream. */
export function writeNote(rows: readonly Row[], formats: readonly string[], date: string): string {
  const head = ['agent', 'speaks', ...formats.map((format) => `to ${format}`)]
  const lines = rows.map(({ agent, version, cells }) => [
    `${agent.name} ${version}`,
    agent.format,
    ...formats.map((format) => cellText(cells.get(format))),
  ])
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  return `${INTRO}\nWritten by \`npm run test:clients -- --write\` on ${date} with Node ${process.versions.node} on ${process.platform}.\n\n${table}\n`
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return 'not run'
  if (cell.problem !== null) return `**failed**: ${cell.problem.replace(/\s+/g, ' ').replaceAll('|', '\\|')}`
  return `good, ${cell.calls} calls, ${(cell.ms / 1000).toFixed(1)} s`
}
