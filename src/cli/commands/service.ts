import type { Command } from 'commander'
import { type Cli, examples } from '../cli.js'

export interface ServiceOptions {
  readonly dryRun?: boolean
  readonly writeKeys?: boolean
}

export function define(command: Command, cli: Cli): void {
  const install = command
    .command('install')
    .description('run the daemon whenever you are logged in, and again when it crashes')
    .option('--dry-run', 'show what would be written and run')
    .option('--write-keys', 'store the keys of this shell in keys.env, readable only by you; a service does not see your shell')
  install.action(async (options: ServiceOptions) => (await import('../service/service.js')).install(cli, options))
  examples(install, 'llmroute service install --dry-run')

  const uninstall = command.command('uninstall').description('stop the service and remove it').option('--dry-run', 'show what would be run')
  uninstall.action(async (options: ServiceOptions) => (await import('../service/service.js')).uninstall(cli, options))
  examples(uninstall, 'llmroute service uninstall --dry-run')
  const run = command.command('run', { hidden: true }).description('what a service runs on systems that do not restart programs')
  run.action(async () => (await import('../service/keep-running.js')).keepRunning(cli))
  examples(run, 'llmroute service run')
  examples(command, 'llmroute service install --dry-run')
}
