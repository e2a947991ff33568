import type { ChalkInstance } from 'chalk'
import { configFolder } from '../../config/index.js'
import { asFault, Fault } from '../../kit/index.js'
import {
  type Client,
  changesSince,
  clientNamed,
  connectClient,
  disconnectClient,
  type FileChange,
  type Machine,
  modelOf,
  settingsFor,
  type Target,
  thisMachine,
} from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ConnectOptions } from '../commands/connect.js'
import { paintFor } from '../paint.js'
import { agreed } from '../questions.js'
import { answer, print, printJson, remark } from '../say.js'
import { type FoundTarget, findTarget } from './find-target.js'

export async function connect(cli: Cli, name: string, options: ConnectOptions): Promise<void> {
  const client = clientNamed(name)
  const found = await findTarget(cli, client, options)
  return options.write ? write(cli, client, found, options) : printSettings(cli, client, found)
}

async function printSettings(cli: Cli, client: Client, found: FoundTarget): Promise<void> {
  const machine = thisMachine(cli.io.env, cli.io.cwd)
  const { target } = found
  const files = settingsFor(client, target, machine)
  if (cli.globals().json) return printJson(cli, { ...described(client, found, machine), files })
  const paint = paintFor(cli.io)
  await print(
    cli,
    [
      paint.bold.underline(client.title),
      ...files.map(({ path, text }) => `${paint.bold(path)}\n${text.trimEnd().replaceAll(/^/gm, '  ')}`),
      showSteps(client, target, machine, paint),
      ...(files.length === 0 ? [] : [whetherToWrite(client, found, machine)]),
      ...notes(client, found),
    ].join('\n\n'),
  )
}

function whetherToWrite(client: Client, { target, configFolder }: FoundTarget, machine: Machine): string {
  try {
    connectClient(client, target, { machine, configFolder })
    return `\`llmroute connect ${client.id} --write\` makes this change for you.`
  } catch (error) {
    return `\`llmroute connect ${client.id} --write\` cannot make this change as things are: ${asFault(error).message.replace(/\.$/, '')}.`
  }
}

async function write(cli: Cli, client: Client, found: FoundTarget, options: ConnectOptions): Promise<void> {
  if (client.files === undefined)
    throw new Fault('E_USAGE', `${client.title} has no settings file that can be written.`, {
      hint: `\`llmroute connect ${client.id}\` says what to enter by hand, and what cannot be routed.`,
    })
  const machine = thisMachine(cli.io.env, cli.io.cwd)
  const paint = paintFor(cli.io)
  const connection = connectClient(client, found.target, { machine, configFolder: found.configFolder })
  const { json } = cli.globals()
  if (!json) for (const file of connection.files) await print(cli, `${showChange(file, paint)}\n`)
  const idle = connection.files.every(({ diff }) => diff.length === 0)
  if (!idle && !json && !options.yes && !(await agreed(cli, `Write this to the settings of ${client.title}?`)))
    throw new Fault('E_CANCELLED', 'Nothing was written.')
  const written = connection.write()
  if (json) return printJson(cli, { ...described(client, found, machine), files: connection.files, written })
  await print(
    cli,
    [
      idle
        ? `${client.title} is connected already.`
        : `${client.title} now goes through ${found.target.url}. Undo: \`llmroute connect ${client.id} --undo\`.`,
      showSteps(client, found.target, machine, paint),
    ].join('\n\n'),
  )
  for (const note of notes(client, found)) remark(cli, note)
}

function described(client: Client, { target, running }: FoundTarget, machine: Machine) {
  return {
    client: client.id,
    title: client.title,
    url: target.url,
    model: modelOf(target),
    running,
    steps: client.steps(target, machine),
    limits: client.limits,
  }
}

/** What on this side keeps the client from working. */
function notes(client: Client, { target, running, aliases, missing }: FoundTarget): readonly string[] {
  const unknown = (client.asksFor ?? []).filter((name) => !aliases.includes(name))
  const local = /^http:\/\/(127\.|localhost|\[::1\])/.test(target.url)
  return [
    ...(missing.length === 0 ? [] : [missing.join('\n')]),
    ...(running || !local ? [] : [`No daemon answers at ${target.url} yet: start it with \`llmroute serve --detach\`.`]),
    ...(unknown.length === 0
      ? []
      : [
          `${client.title} also asks for ${unknown.join(' and ')} by itself. Unless your pool has them, add to your configuration:\n  aliases: { ${unknown.map((name) => `'${name}': '${modelOf(target)}'`).join(', ')} }`,
        ]),
  ]
}

/** Puts the settings of a client back; shows what changed since when that is in the way. */
export async function disconnect(cli: Cli, name: string, options: ConnectOptions): Promise<void> {
  const client = clientNamed(name)
  const folder = await configFolder(cli.io.env)
  try {
    const onChanged = options.force ? 'overwrite' : options.keep ? 'keep' : 'refuse'
    const restored = disconnectClient(client, { configFolder: folder, onChanged })
    const how = options.keep ? 'Without the settings of llmroute' : 'As before'
    const said = restored.length === 0 ? 'Its settings are already restored.' : `${how}: ${restored.join(', ')}`
    return await answer(cli, { client: client.id, restored }, () => said)
  } catch (error) {
    if (asFault(error).code === 'E_CONFLICT')
      for (const change of changesSince(client, folder))
        remark(cli, `Changed since it was written:\n${showChange(change, paintFor(cli.io))}`)
    throw error
  }
}

const MARKS = { same: ' ', removed: '-', added: '+', gap: ' ' } as const

/** One file's change as a person reads it before agreeing to it. */
function showChange({ path, exists, diff }: FileChange, paint: ChalkInstance): string {
  if (diff.length === 0) return `${paint.bold(path)} is already correct.`
  const colours = { same: paint.dim, removed: paint.red, added: paint.green, gap: paint.dim }
  const lines = diff.map(({ kind, text }) => colours[kind](`${MARKS[kind]} ${text}`))
  return [`${paint.bold(path)}${exists ? '' : ' (new)'}`, ...lines].join('\n')
}

/** What is left to do, and what cannot be routed. */
function showSteps(client: Client, target: Target, machine: Machine, paint: ChalkInstance): string {
  return [...client.steps(target, machine), '', paint.yellow('Not routed:'), ...client.limits.map((limit) => `  ${limit}`)].join('\n')
}
