import { resolve } from 'node:path'
import { configFolder, currentPrices, systemPorts } from '../../config/index.js'
import { findDaemon } from '../../control/index.js'
import { localDay } from '../../kit/index.js'
import {
  checkNoConfig,
  type Interview,
  interview,
  keepKeys,
  type Proposal,
  propose,
  renderConfig,
  type Scan,
  scanMachine,
  thisMachine,
  writeConfig,
} from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { InitOptions } from '../commands/init.js'
import { ledgerPath } from '../open-ledger.js'
import { terminalQuestions } from '../questions.js'
import { print, printJson, remark } from '../say.js'
import { goingBy, tryOut } from './try-out.js'

/** Writes a first configuration for what is on this machine and sends one request through it. */
export async function init(cli: Cli, options: InitOptions): Promise<void> {
  const { env, cwd } = cli.io
  const folder = resolve(cwd, options.dir ?? '.')
  checkNoConfig(folder, options.force === true)
  const own = await configFolder(env)
  const scan = await scanMachine({ machine: thisMachine(env, cwd), configFolder: own, listModels: systemPorts.listModels })
  const day = localDay(Date.now())
  const { proposal, typed, keep } = await decide(cli, scan, options, day)

  const keys = { ...(keep ? keysOf(scan, env) : {}), ...typed }
  const keysFile = Object.keys(keys).length > 0 ? keepKeys(own, keys) : null
  const { path, kept } = writeConfig(folder, renderConfig(proposal, day))
  const tried = options.test ? await tryOut(cli, { config: path, model: 'auto', maxTokens: 200 }) : null

  const missing = missingKeys(proposal, scan, typed)
  if (cli.globals().json) return printJson(cli, { path, kept, keysFile, ...summary(proposal, scan), missingKeys: missing, test: tried })
  await print(
    cli,
    [`Wrote ${path}${kept === null ? '' : ` (the old one is ${kept})`}`, ...(keysFile === null ? [] : [`Wrote ${keysFile}`])].join('\n'),
  )
  await print(cli, poolLine(proposal))
  if (missing.length > 0) remark(cli, `Not set yet: ${missing.join(', ')}. The models that need one are left out until it is.`)
  if (tried?.ok === false) remark(cli, `The test request failed: ${tried.error} Run \`llmroute doctor --live\` to see more.`)
  if (tried?.ok) await print(cli, `Test request: ${tried.model}${tried.simulated ? ' (simulated)' : ''} answered "${tried.text}"`)
  // Commands find a configuration from the current folder upwards.
  const enter = folder === resolve(cwd) || folder === own ? null : `cd ${quoted(folder)}`
  await print(cli, nextSteps(scan, [enter, await startLine(cli, path)]))
}

/** As a shell of this system takes a path: cmd knows no single quotes, and a path of Windows holds no double ones. */
function quoted(path: string): string {
  return process.platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`
}

async function decide(cli: Cli, scan: Scan, options: InitOptions, day: string): Promise<Interview> {
  const prices = await currentPrices(await configFolder(cli.io.env), new Date(day))
  const asks = options.yes !== true && !cli.globals().json && cli.io.stdinIs === 'terminal' && cli.io.stdout.isTTY === true
  if (!asks) return { proposal: propose(scan, options, prices), typed: {}, keep: options.writeKeys === true }
  await print(cli, foundLine(scan))
  return interview(scan, { ...options, keep: options.writeKeys }, { questions: await terminalQuestions(cli), prices })
}

function foundLine({ keys, servers, agents }: Scan): string {
  const found = [
    ...keys.map(({ variable }) => variable),
    ...servers.map(({ provider, models }) => `${provider.title} with ${models.length} models`),
    ...agents.map(({ client }) => client.title),
  ]
  return `Found on this machine: ${found.join(', ') || 'no keys, no local servers, no agents'}`
}

function keysOf({ keys }: Scan, env: Cli['io']['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.flatMap(({ variable }) => (env[variable] === undefined ? [] : [[variable, env[variable]]])))
}

/** Variables of the chosen providers whose keys nobody has given. */
function missingKeys({ providers }: Proposal, { keys }: Scan, typed: Interview['typed']): readonly string[] {
  return providers.flatMap(({ id, local, env: [variable] }) =>
    local || variable === undefined || variable in typed || keys.some(({ provider }) => provider.id === id) ? [] : [variable],
  )
}

function summary({ providers, models, baseline, profile }: Proposal, { keys, servers, agents }: Scan) {
  return {
    providers: providers.map(({ id }) => id),
    models: models.map(({ id }) => id),
    baseline,
    profile,
    found: {
      keys: keys.map(({ variable }) => variable),
      servers: servers.map(({ provider }) => provider.id),
      agents: agents.map(({ client }) => client.id),
    },
  }
}

function poolLine({ models, baseline, profile }: Proposal): string {
  if (models.length === 0) return 'No key and no local server was found: simulated models answer until you set a key.'
  return `Pool: ${models.map(({ id }) => id).join(', ')}\nProfile ${profile}, savings measured against ${baseline}`
}

/** A running daemon reloads this file by itself; one with another configuration must be restarted. */
async function startLine(cli: Cli, path: string): Promise<string | null> {
  const daemon = await findDaemon(await ledgerPath(goingBy(cli, path))).catch(() => null)
  if (daemon?.status.config.path === path) return null
  return `${daemon === null ? '' : 'llmroute stop && '}llmroute serve --detach`
}

function nextSteps({ agents }: Scan, start: readonly (string | null)[]): string {
  const connectable = agents.filter(({ client }) => client.files !== undefined)
  return [
    '',
    'Next:',
    ...start.flatMap((line) => (line === null ? [] : [`  ${line}`])),
    ...connectable.map(({ client }) => `  llmroute connect ${client.id} --write`),
    ...(connectable.length === 0 ? ['  llmroute connect --list'] : []),
    '  llmroute monitor',
  ].join('\n')
}
