import { type Command, Option } from 'commander'
import { Fault } from '../../kit/index.js'
import { type Cli, examples } from '../cli.js'

export interface ConnectOptions {
  readonly list?: boolean
  readonly write?: boolean
  readonly undo?: boolean
  readonly keep?: boolean
  readonly force?: boolean
  readonly yes?: boolean
  readonly url?: string
  readonly profile?: string
  readonly key?: string
  readonly tunnel?: string | true
}

export function define(command: Command, cli: Cli): void {
  command
    .argument('[client]', 'the program to connect; --list names them')
    .option('--list', 'list all clients, and where those on this machine point')
    .option('--write', "edit the client's own settings, after showing the change; a backup is kept")
    .option('--undo', "restore the client's settings, byte for byte")
    .addOption(new Option('--keep', 'with --undo: keep settings that changed since, remove only those of llmroute').conflicts('force'))
    .option('--force', 'with --undo: restore the backup even if the settings changed since')
    .option('-y, --yes', 'do not ask before writing')
    .option('--url <url>', 'address of the proxy (default: the local one)')
    .option('-p, --profile <profile>', 'decide under this profile (default: that of the configuration)')
    .option('--key <key>', 'credential to send, if the proxy requires one')
    .option('--tunnel [program]', 'for Cursor: open a public address through cloudflared, tailscale or ngrok')
    .action(async (name: string | undefined, options: ConnectOptions) => {
      if (options.list) {
        const other = [name, ...Object.keys(options).flatMap((key) => (key === 'list' ? [] : [`--${key}`]))].find(
          (word) => word !== undefined,
        )
        if (other !== undefined)
          throw new Fault('E_USAGE', `${other} does not go with --list, which changes nothing.`, { hint: 'Give one of the two.' })
        return (await import('../connect/list-clients.js')).listClients(cli)
      }
      if (name === undefined)
        throw new Fault('E_USAGE', 'No client is named.', { hint: 'Try `llmroute connect --list`, then `llmroute connect codex`.' })
      if (options.write && options.undo) throw new Fault('E_USAGE', '--write and --undo exclude each other.', { hint: 'Give one of them.' })
      if ((options.keep || options.force) && !options.undo)
        throw new Fault('E_USAGE', `--${options.keep ? 'keep' : 'force'} goes with --undo.`, { hint: 'Add --undo, or leave it out.' })
      if (options.undo) return (await import('../connect/connect.js')).disconnect(cli, name, options)
      return (await import('../connect/connect.js')).connect(cli, name, options)
    })
  examples(
    command,
    'llmroute connect --list',
    'llmroute connect cursor',
    'llmroute connect claude-code --write --yes',
    'llmroute connect claude-code --undo',
  )
}
