import type { Command } from 'commander'
import { PRESETS } from '../../policy/index.js'
import { simulate, simulationJson } from '../../simulate/index.js'
import { type Cli, examples } from '../cli.js'
import { withLedger } from '../open-ledger.js'
import { paintFor } from '../paint.js'
import { parseRange } from '../parse-time.js'
import { print, printJson } from '../say.js'
import { showSimulation, showSimulations } from '../show-simulation.js'
import { chosenAlternatives, type PolicyOptions } from '../simulate-policies.js'

interface Options extends PolicyOptions {
  readonly since?: string
  readonly until?: string
  readonly includePinned?: boolean
}

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
const list = (value: string, before: readonly string[] = []): readonly string[] => [...before, ...value.split(',').map((v) => v.trim())]

export function define(command: Command, cli: Cli): void {
  command
    .option('--preset <name>', `replay under a preset: ${Object.keys(PRESETS).join(', ')} (may be repeated)`, several)
    .option('--weights <weights>', 'replay under weights, such as cost=.6,quality=.25,latency=.15 (may be repeated)', several)
    .option('--profile <name>', 'replay under a profile of the configuration (may be repeated)', several)
    .option('--models <ids>', 'with only these models of the pool', list)
    .option('--without <providers>', 'without these providers or models', list)
    .option('--price <model=in/out>', 'as if a model cost this, USD per million tokens (may be repeated)', several)
    .option('--since <time>', 'count calls from this time on, such as 30d or 2026-11-01')
    .option('--until <time>', 'count calls before this time')
    .option('--include-pinned', 'decide calls that named a model again as well')
    .action((options: Options) =>
      withLedger(cli, async (ledger) => {
        const alternatives = await chosenAlternatives(cli, options)
        const { since, until } = parseRange(options, Date.now())
        const range = {
          ...(since === undefined ? {} : { sinceMs: since }),
          ...(until === undefined ? {} : { untilMs: until }),
          ...(options.includePinned === undefined ? {} : { includePinned: options.includePinned }),
        }
        const results = simulate(ledger, alternatives, range)
        const [only] = results
        if (cli.globals().json)
          return printJson(cli, results.length === 1 && only !== undefined ? simulationJson(only) : results.map(simulationJson))
        const paint = paintFor(cli.io)
        return print(cli, results.length === 1 && only !== undefined ? showSimulation(only, paint) : showSimulations(results, paint))
      }),
    )
  examples(
    command,
    'llmroute simulate --preset economy',
    'llmroute simulate --preset economy --preset quality --since 30d',
    'llmroute simulate --weights cost=1,quality=0,latency=0 --json',
  )
}
