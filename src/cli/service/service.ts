import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LoadedConfig, resolvePool, withKeysFile } from '../../config/index.js'
import { daemonLogPath } from '../../control/index.js'
import { Fault, makeFolder } from '../../kit/index.js'
import {
  installUnit,
  keepKeys,
  passedOn,
  type RunCommand,
  stopUnit,
  thisMachine,
  type Unit,
  uninstallUnit,
  unitFor,
} from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ServiceOptions } from '../commands/service.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { refuseRunning, startedDaemon } from '../running-daemon.js'
import { answer } from '../say.js'

const START_MS = 20_000

export async function install(cli: Cli, options: ServiceOptions): Promise<void> {
  const loaded = await loadForCli(cli)
  const ledger = await ledgerPath(cli, loaded.config)
  const unit = unitOf(cli, loaded, ledger)
  const loose = await keysOfShell(cli, loaded)
  if (options.dryRun) return show(cli, unit, { commands: unit.start, content: unit.content })

  await stopUnit(unit, runProgram)
  await refuseRunning(ledger, 'E_CONFLICT')
  const keysFile = options.writeKeys && Object.keys(loose).length > 0 ? keepKeys(loaded.folder, loose) : null
  // Services do not make the folder of their log.
  makeFolder(dirname(ledger), 0o700)
  await installUnit(unit, runProgram)
  const daemon = await startedDaemon(ledger, START_MS)
  if (daemon === null)
    throw new Fault('E_UNAVAILABLE', `The service is installed as ${unit.path}, but the daemon does not answer yet.`, {
      hint: `See \`llmroute logs\`. ${unit.remarks.join(' ')}`,
    })
  return answer(cli, { kind: unit.kind, path: unit.path, keysFile, status: daemon.status }, () =>
    [
      `Wrote ${unit.path} (${unit.kind}); the daemon answers at ${daemon.url}.`,
      ...(keysFile === null ? [] : [`Wrote ${keysFile}.`]),
      ...unit.remarks,
      ...(keysFile === null ? keysRemark(loose) : []),
    ].join('\n'),
  )
}

export async function uninstall(cli: Cli, options: ServiceOptions): Promise<void> {
  const loaded = await loadForCli(cli)
  const unit = unitOf(cli, loaded, await ledgerPath(cli, loaded.config))
  if (options.dryRun) return show(cli, unit, { commands: [...unit.stop, ...unit.forget], content: null })
  if (!(await uninstallUnit(unit, runProgram)))
    throw new Fault('E_EMPTY', `No service is installed: there is no ${unit.path}.`, {
      hint: 'Install it with `llmroute service install`.',
    })
  return answer(cli, { removed: unit.path }, () => `Removed ${unit.path}; the daemon is stopped. Calls and configuration stay.`)
}

function show(cli: Cli, { kind, path }: Unit, { commands, content }: { commands: Unit['start']; content: string | null }): Promise<void> {
  const lines = commands.map((command) => command.join(' '))
  const body =
    content === null
      ? `Would remove ${path} after running:`
      : `Would write ${path} (${kind}):\n\n${content.replace(/^\uFEFF/, '')}\nand run:`
  return answer(cli, { kind, path, content, commands: lines }, () => [body, ...lines.map((line) => `  ${line}`)].join('\n'))
}

/** Keys that the pool takes from the shell alone. Without any pool there are none to lose. */
async function keysOfShell({ io: { env } }: Cli, loaded: LoadedConfig): Promise<Readonly<Record<string, string>>> {
  const kept = withKeysFile({}, loaded.folder).env
  const pool = await resolvePool(loaded, env)
  const names = Object.values(pool.providers).flatMap(({ credentialSource }) => credentialSource ?? [])
  return Object.fromEntries(names.flatMap((name) => (env[name] && kept[name] === undefined ? [[name, env[name]]] : [])))
}

function keysRemark(loose: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(loose)
  return names.length === 0
    ? []
    : [`The service does not see ${names.join(', ')}, which only this shell has: install it with --write-keys to store them for it.`]
}

const PATIENCE_MS = 60_000

const runProgram: RunCommand = ([program, ...args]) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: PATIENCE_MS, windowsHide: true }, (error, stdout, stderr) => {
      if (error === null) return resolve(null)
      const said = `${stderr}${stdout}`.trim().split(/\r?\n/)[0]
      resolve((error as NodeJS.ErrnoException).code === 'ENOENT' ? `${program} is not installed` : said || error.message)
    })
  })

/** The service of this configuration and ledger, by absolute paths: it starts in no folder of yours. */
function unitOf(cli: Cli, loaded: LoadedConfig, ledger: string): Unit {
  const machine = thisMachine(cli.io.env, cli.io.cwd)
  const program = fileURLToPath(new URL('../../../bin/llmroute', import.meta.url))
  return unitFor(machine.platform, {
    node: process.execPath,
    program,
    options: ['--db', ledger, ...(loaded.path === null ? [] : ['--config', loaded.path])],
    env: passedOn(machine),
    log: daemonLogPath(ledger),
    home: machine.home,
    uid: process.getuid?.() ?? null,
  })
}
