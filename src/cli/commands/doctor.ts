import type { Command } from 'commander'
import { type Cli, examples } from '../cli.js'

export interface DoctorOptions {
  readonly live?: boolean
}

export function define(command: Command, cli: Cli): void {
  command
    .option('--live', 'send each provider a call of a few tokens, which is billed and recorded')
    .action(async (options: DoctorOptions) => (await import('../doctor/doctor.js')).doctor(cli, options))
  examples(command, 'llmroute doctor', 'llmroute doctor --live --json')
}
