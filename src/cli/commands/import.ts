import { Argument, type Command } from 'commander'
import { HISTORY_SOURCES, type HistorySource } from '../../history/index.js'
import { parseRange } from '../../report/parse-time.js'
import { type Cli, examples } from '../cli.js'
import { withLogs } from '../import/logs.js'

interface Options {
  readonly since?: string
  readonly until?: string
}

export function define(command: Command, cli: Cli): void {
  command
    .addArgument(new Argument('<source>', 'the tool whose log it is').choices(HISTORY_SOURCES))
    .argument('[path]', 'a file or folder (default: where the tool keeps its logs)')
    .option('--since <time>', 'calls from this time on, such as 30d or 2026-11-01')
    .option('--until <time>', 'calls before this time')
    .action(async (source: HistorySource, path: string | undefined, options: Options) => {
      const range = parseRange(options, Date.now())
      await withLogs(cli, source, path, async (logs) => {
        const { runImport } = await import('../import/run-import.js')
        await runImport(cli, logs, path, range)
      })
    })
  examples(command, 'llmroute import claude-code', 'llmroute import jsonl calls.jsonl --since 30d')
}
