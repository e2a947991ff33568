import type { CommandModule } from './cli.js'

/** One command as the top-level help knows it; its file is loaded only when it is named. */
export interface Entry {
  readonly name: string
  readonly alias: string | undefined
  readonly summary: string
  readonly group: string
  load(): Promise<CommandModule>
}

type Row = readonly [name: string, summary: string, load: Entry['load'], alias?: string]

/** By the headings of the help. */
const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  Route: [
    ['serve', 'run the proxy', () => import('./commands/serve.js')],
    ['ask', 'route one prompt and stream the answer', () => import('./commands/ask.js')],
    ['chat', 'talk turn by turn and see which model answers', () => import('./commands/chat.js')],
    ['batch', 'submit calls that can wait, at half the price where providers sell batches', () => import('./commands/batch.js')],
    ['models', 'list the pool: price, context window, quality, latency, health', () => import('./commands/models.js')],
    ['analyze', 'show what the router sees in a request', () => import('./commands/analyze.js')],
  ],
  'Look back': [
    ['monitor', 'watch calls, spend and savings live', () => import('./commands/monitor.js'), 'top'],
    ['log', 'list calls, or show one', () => import('./commands/log.js')],
    ['explain', 'show why a model was chosen', () => import('./commands/explain.js')],
    ['report', 'show spend, savings, error rates and routes with a larger model than needed', () => import('./commands/report.js')],
  ],
  Improve: [
    ['simulate', 'estimate what another policy would have cost', () => import('./commands/simulate.js')],
    ['feedback', 'record how a call turned out', () => import('./commands/feedback.js')],
    ['train', 'learn what requests need, from labelled data or your own calls', () => import('./commands/train.js')],
    ['examples', 'manage labelled prompts that similar requests are judged by', () => import('./commands/examples.js')],
  ],
  'Data and keys': [
    ['keys', 'manage local API keys with tiers, profiles and budgets', () => import('./commands/keys.js')],
    ['ledger', 'verify, back up or find the ledger', () => import('./commands/ledger.js')],
    ['import', 'import calls that other tools logged', () => import('./commands/import.js')],
    ['prune', 'delete old calls, keep their totals', () => import('./commands/prune.js')],
    ['export', 'write calls as JSON Lines or CSV', () => import('./commands/export.js')],
  ],
  Daemon: [
    ['status', 'show what the running daemon is doing', () => import('./commands/status.js')],
    ['stop', 'stop the daemon once its calls are done', () => import('./commands/stop.js')],
    ['logs', "show the background daemon's log", () => import('./commands/logs.js')],
    ['service', 'run the daemon whenever you are logged in', () => import('./commands/service.js')],
    ['open', "open the daemon's page in a browser", () => import('./commands/open.js')],
  ],
  'Set up': [
    ['init', 'write a first configuration for what is on this machine', () => import('./commands/init.js')],
    ['connect', 'point another program at the proxy, or undo that', () => import('./commands/connect.js')],
    ['doctor', 'check everything and suggest fixes', () => import('./commands/doctor.js')],
    ['config', 'show, check or find the configuration', () => import('./commands/config.js')],
    ['completion', 'print a completion script for your shell', () => import('./commands/completion.js')],
  ],
}

export const COMMANDS: readonly Entry[] = Object.entries(GROUPS).flatMap(([group, rows]) =>
  rows.map(([name, summary, load, alias]) => ({ name, summary, group: `${group}:`, load, alias })),
)
