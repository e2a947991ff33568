import { type Command, InvalidArgumentError } from 'commander'
import { PRESETS } from '../../policy/presets.js'
import { parseRange } from '../../report/parse-time.js'
import { type Cli, collect, commaList, examples } from '../cli.js'
import { type Logs, parseFrom, readFigures, withLogs } from '../import/logs.js'
import { orDocument } from '../nothing-there.js'
import { checkOptions } from '../simulate/check-options.js'
import { nothingSimulated } from '../simulate/nothing-simulated.js'
import type { SimulationOptions } from '../simulate/run-simulation.js'

const list = (value: string, before: readonly string[] = []): readonly string[] => [...before, ...commaList(value)]

function fraction(text: string): number {
  const value = Number(text)
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('Give a number from 0 to 1.')
  return value
}

function above0(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new InvalidArgumentError('Give a number above 0.')
  return value
}

function wholeAbove0(text: string): number {
  if (!Number.isInteger(above0(text))) throw new InvalidArgumentError('Give a whole number above 0.')
  return Number(text)
}

export function define(command: Command, cli: Cli): void {
  command
    .option('--preset <name>', `replay under a preset: ${Object.keys(PRESETS).join(', ')} (may be repeated)`, collect)
    .option('--weights <weights>', 'replay under weights, such as cost=.6,quality=.25,latency=.15 (may be repeated)', collect)
    .option('--profile <name>', 'replay under a profile of the configuration (may be repeated)', collect)
    .option('--models <ids>', 'replay with only these models of the pool, separated by commas', list)
    .option('--without <providers>', 'replay without these providers or models, separated by commas', list)
    .option('--deadline <duration>', 'assume that calls that could have waited had this deadline: batch and flex rates')
    .option('--price <model=in/out>', 'assume this price of a model, USD per million tokens (may be repeated)', collect)
    .option('--from <source[:path]>', 'replay the log of another tool without importing it, such as claude-code or jsonl:calls.jsonl')
    .option('--since <time>', 'calls from this time on, such as 30d or 2026-11-01')
    .option('--until <time>', 'calls before this time')
    .option('--include-pinned', 'also decide calls that named a model (default: they stay as they were)')
    .option('--sweep', 'try 21 settings of the weights and show the best trade-offs')
    .option(
      '--min-quality <q>',
      'with --sweep: recommend the cheapest setting that keeps this predicted quality (default: that of the log)',
      fraction,
    )
    .option('--floor <f>', 'with --sweep: quality floor, as a share of the best model’s predicted quality', fraction)
    .option('--suggest', 'try models that are not in the pool, and prices that are new, and name what would save most')
    .option('--diff', 'list the choices that change, with both reasons, and the sessions that change most')
    .option('--html <file>', 'write a page that shows everything and works offline, with the trade-offs of other weights')
    .option('--verify <calls>', 'send this many of the calls that change, have the answers compared, and correct the estimate', wholeAbove0)
    .option('--max-usd <usd>', 'with --verify: spend at most this', above0)
    .option('--judge <model>', 'with --verify: the judge (default: that of the default profile’s cascade, else the strongest model)')
    .option('-y, --yes', 'with --verify: do not ask before spending')
    .option('--dry-run', 'with --verify: show what would be sent and what it would cost')
    .action(async (options: SimulationOptions) => {
      checkOptions({ ...options })
      const times = parseRange(options, Date.now())
      const { from } = options
      const work = async (logs: Logs | null) => {
        const reading = logs && readFigures(logs)
        const { simulateCalls } = await import('../simulate/run-simulation.js')
        return simulateCalls(cli, options, times, reading)
      }
      return orDocument(nothingSimulated(options), () => (from === undefined ? work(null) : withLogs(cli, ...parseFrom(from), work)))
    })
  examples(
    command,
    'llmroute simulate --preset economy',
    'llmroute simulate --preset economy --preset quality --since 30d',
    'llmroute simulate --sweep',
    'llmroute simulate --preset economy --diff',
    'llmroute simulate --preset economy --verify 200 --max-usd 2',
    'llmroute simulate --weights cost=1,quality=0,latency=0 --json',
  )
}
