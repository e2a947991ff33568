import type { Command } from 'commander'
import { type Cli, commaList, examples } from '../cli.js'

export interface InitOptions {
  readonly yes?: boolean
  readonly providers?: readonly string[]
  readonly models?: readonly string[]
  readonly baseline?: string
  readonly profile?: string
  readonly writeKeys?: boolean
  readonly force?: boolean
  readonly dir?: string
  readonly test: boolean
}

export function define(command: Command, cli: Cli): void {
  command
    .option('-y, --yes', 'accept the proposal without questions')
    .option('--providers <list>', 'providers whose models to use, separated by commas', commaList)
    .option('--models <list>', 'the pool, as provider/name separated by commas', commaList)
    .option('--baseline <model>', 'the model that savings are measured against')
    .option('-p, --profile <profile>', 'default profile')
    .option('--write-keys', 'store the keys of the environment in keys.env, readable only by you, for use by a service')
    .option('--force', 'replace an existing configuration; the old one is kept')
    .option('--dir <folder>', 'folder of the configuration (default: here)')
    .option('--no-test', 'send no test request')
    .action(async (options: InitOptions) => (await import('../init/init.js')).init(cli, options))
  examples(
    command,
    'llmroute init --yes --dir my-project',
    'llmroute init --yes --dir other-project --providers openai,anthropic --no-test',
  )
}
