import { Argument, type Command } from 'commander'
import { HISTORY_SOURCES, type HistorySource } from '../../history/index.js'
import { Fault, formatCount, formatNumberOf } from '../../kit/index.js'
import { openLedger } from '../../ledger/index.js'
import { parseRange } from '../../report/parse-time.js'
import { type Cli, examples } from '../cli.js'
import { importInto } from '../import/import-into.js'
import { loadForCli } from '../load-setup.js'
import { orDocument } from '../nothing-there.js'
import { ledgerPath } from '../open-ledger.js'
import { progressBar } from '../progress-bar.js'
import { print, printable, printJson, remark } from '../say.js'

interface Options {
  readonly since?: string
  readonly until?: string
}

/** Damaged lines listed individually; more are only counted. */
const NAMED = 5

export function define(command: Command, cli: Cli): void {
  command
    .addArgument(new Argument('<source>', 'the tool whose log it is').choices(HISTORY_SOURCES))
    .argument('[path]', 'a file or folder; where the tool keeps its logs when left out')
    .option('--since <time>', 'calls from this time on, such as 30d or 2026-11-01')
    .option('--until <time>', 'calls before this time')
    .action(async (source: HistorySource, path: string | undefined, options: Options) => {
      const range = parseRange(options, Date.now())
      const { config } = await loadForCli(cli)
      const ledger = await openLedger(await ledgerPath(cli, config), { bodies: config.ledger.bodies })
      const bar = progressBar(cli)
      let damaged = 0
      try {
        const done = await importInto(
          cli,
          ledger,
          { source, path, ...range },
          {
            onDamage({ file, line, why }) {
              if (++damaged <= NAMED) remark(cli, `llmroute: ${file}:${line} is skipped: ${printable(why)}`)
            },
            onProgress: (share, { imported }) => bar.show(share, `${formatCount(imported)} calls`),
          },
        )
        bar.end()
        if (done.read === 0) {
          return await orDocument({ source, ...done, damagedLines: damaged }, async () => {
            throw new Fault('E_EMPTY', `No ${source} call was found${path === undefined ? '' : ` in ${path}`}.`, { hint: hintFor(source) })
          })
        }
        if (cli.globals().json) return await printJson(cli, { source, ...done, damagedLines: damaged })
        const skipped = Object.entries(done.skipped).map(([why, calls]) => `, ${formatCount(calls)} left out (${why})`)
        return await print(
          cli,
          `Imported ${formatCount(done.imported)} of ${formatNumberOf(done.read, 'call')}; ${formatCount(done.known)} ${done.known === 1 ? 'was' : 'were'} there already${skipped.join('')}${damaged > 0 ? `; ${formatNumberOf(damaged, 'damaged line')}` : ''}.`,
        )
      } finally {
        bar.end()
        await ledger.close()
      }
    })
  examples(command, 'llmroute import claude-code', 'llmroute import jsonl calls.jsonl --since 30d')
}

function hintFor(source: HistorySource): string {
  return source === 'jsonl'
    ? 'Each line is a JSON object with at least `time` and `model`, see docs/import.md.'
    : `Check that these are logs of ${source}, and --since and --until.`
}
