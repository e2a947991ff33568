import type { CommandModule } from './cli.js'

/** One command as the top-level help knows it; its file is loaded only when it is named. */
export interface Entry {
  readonly name: string
  readonly alias?: string
  readonly summary: string
  readonly group: string
  load(): Promise<CommandModule>
}

const ROUTE = 'Route:'
const LOOK = 'Look back:'
const IMPROVE = 'Improve:'
const DATA = 'Data and keys:'
const DAEMON = 'Daemon:'
const SET_UP = 'Set up:'

export const COMMANDS: readonly Entry[] = [
  { name: 'serve', summary: 'run the proxy', group: ROUTE, load: () => import('./commands/serve.js') },
  { name: 'ask', summary: 'route one prompt and stream the answer', group: ROUTE, load: () => import('./commands/ask.js') },
  { name: 'chat', summary: 'talk, turn by turn, and see which model answers', group: ROUTE, load: () => import('./commands/chat.js') },
  {
    name: 'batch',
    summary: 'calls that can wait, at half the price where providers sell batches',
    group: ROUTE,
    load: () => import('./commands/batch.js'),
  },
  {
    name: 'models',
    summary: 'the pool: price, context window, quality, latency, health',
    group: ROUTE,
    load: () => import('./commands/models.js'),
  },
  { name: 'analyze', summary: 'what the router sees in a request', group: ROUTE, load: () => import('./commands/analyze.js') },
  {
    name: 'monitor',
    alias: 'top',
    summary: 'calls, spend and savings, live',
    group: LOOK,
    load: () => import('./commands/monitor.js'),
  },
  { name: 'log', summary: 'list calls, or show one', group: LOOK, load: () => import('./commands/log.js') },
  { name: 'explain', summary: 'why a model was chosen', group: LOOK, load: () => import('./commands/explain.js') },
  {
    name: 'report',
    summary: 'spend, savings, rates and routes with a larger model than needed',
    group: LOOK,
    load: () => import('./commands/report.js'),
  },
  { name: 'simulate', summary: 'what another policy would have cost', group: IMPROVE, load: () => import('./commands/simulate.js') },
  { name: 'feedback', summary: 'record how a call turned out', group: IMPROVE, load: () => import('./commands/feedback.js') },
  {
    name: 'train',
    summary: 'learn what requests need, from labelled data or your own calls',
    group: IMPROVE,
    load: () => import('./commands/train.js'),
  },
  {
    name: 'examples',
    summary: 'labelled prompts that similar requests are judged by',
    group: IMPROVE,
    load: () => import('./commands/examples.js'),
  },
  { name: 'keys', summary: 'local API keys with tiers, profiles and budgets', group: DATA, load: () => import('./commands/keys.js') },
  { name: 'ledger', summary: 'verify, back up or find the ledger', group: DATA, load: () => import('./commands/ledger.js') },
  { name: 'import', summary: 'import calls that other tools logged', group: DATA, load: () => import('./commands/import.js') },
  { name: 'prune', summary: 'delete old calls, keep their totals', group: DATA, load: () => import('./commands/prune.js') },
  { name: 'export', summary: 'write calls as JSON Lines or CSV', group: DATA, load: () => import('./commands/export.js') },
  { name: 'status', summary: 'what the running daemon is doing', group: DAEMON, load: () => import('./commands/status.js') },
  { name: 'stop', summary: 'stop the daemon once its calls are done', group: DAEMON, load: () => import('./commands/stop.js') },
  { name: 'logs', summary: "show the background daemon's log", group: DAEMON, load: () => import('./commands/logs.js') },
  {
    name: 'service',
    summary: 'run the daemon whenever you are logged in',
    group: DAEMON,
    load: () => import('./commands/service.js'),
  },
  { name: 'open', summary: "open the daemon's page in a browser", group: DAEMON, load: () => import('./commands/open.js') },
  {
    name: 'init',
    summary: 'write a first configuration for what is on this machine',
    group: SET_UP,
    load: () => import('./commands/init.js'),
  },
  {
    name: 'connect',
    summary: 'point another program at the proxy, or undo that',
    group: SET_UP,
    load: () => import('./commands/connect.js'),
  },
  { name: 'doctor', summary: 'check everything and suggest fixes', group: SET_UP, load: () => import('./commands/doctor.js') },
  { name: 'config', summary: 'show, check or find the configuration', group: SET_UP, load: () => import('./commands/config.js') },
  {
    name: 'completion',
    summary: 'print a completion script for your shell',
    group: SET_UP,
    load: () => import('./commands/completion.js'),
  },
]
