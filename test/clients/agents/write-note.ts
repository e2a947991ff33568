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

Each agent is installed from the npm registry, configured for a running \`llmroute serve\` with \`llmroute connect\` (pi with its own \`models.json\`), and asked in print
mode to run one shell command. The pool has one model, in the format of the column: a local stand-in that checks each request against rules written from that
vendor's documentation. No real model is called. A cell is good when the agent ran the tool, the result reached the model, the agent printed the tool's output,
and the stand-in refused nothing. No login or key is needed.
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
