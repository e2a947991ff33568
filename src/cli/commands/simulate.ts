import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { ModelRev } from '../../catalog/index.js'
import { Fault } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { PRESETS } from '../../policy/index.js'
import { parseRange } from '../../report/parse-time.js'
import {
  type Alternative,
  asLogged,
  diffJson,
  newPrices,
  rankSuggestions,
  type Simulation,
  simulateInThreads,
  simulationJson,
  sweepAlternatives,
  sweepJson,
  sweepOf,
  withModel,
  worthTrying,
} from '../../simulate/index.js'
import { catalogModels } from '../catalog-models.js'
import { checkSimulateOptions } from '../check-simulate-options.js'
import { type Cli, examples } from '../cli.js'
import { withHistory } from '../import/with-history.js'
import { loadSetup } from '../load-setup.js'
import { nothingSimulated } from '../nothing-simulated.js'
import { orDocument } from '../nothing-there.js'
import { withLedger } from '../open-ledger.js'
import { lookOf } from '../paint.js'
import { print, printJson } from '../say.js'
import { showDiff, showSimulation, showSimulations, showSuggestions } from '../show-simulation.js'
import { showSweep } from '../show-sweep.js'
import { checkPolicyNames, chosenAlternatives, chosenChange, type PolicyOptions } from '../simulate-policies.js'
import { runVerification, type VerifyFlags, verifyOptions } from '../verify/run-verification.js'
import { watchReplay } from '../watch-replay.js'

interface Options extends PolicyOptions, VerifyFlags {
  readonly since?: string
  readonly until?: string
  readonly includePinned?: boolean
  readonly diff?: boolean
  readonly minQuality?: number
  readonly floor?: number
}

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
const list = (value: string, before: readonly string[] = []): readonly string[] => [...before, ...value.split(',').map((v) => v.trim())]

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

async function writePage(path: string, page: string): Promise<void> {
  await writeFile(path, page, { mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    throw new Fault('E_USAGE', `The page cannot be written to ${path} (${cause.code ?? cause.message}).`, {
      hint: 'Give a file in a folder that exists and is yours.',
      cause,
    })
  })
}

export function define(command: Command, cli: Cli): void {
  command
    .option('--preset <name>', `replay under a preset: ${Object.keys(PRESETS).join(', ')} (may be repeated)`, several)
    .option('--weights <weights>', 'replay under weights, such as cost=.6,quality=.25,latency=.15 (may be repeated)', several)
    .option('--profile <name>', 'replay under a profile of the configuration (may be repeated)', several)
    .option('--models <ids>', 'with only these models of the pool', list)
    .option('--without <providers>', 'without these providers or models', list)
    .option('--deadline <duration>', 'as if calls that could have waited had been given this long: batch and flex rates')
    .option('--price <model=in/out>', 'as if a model cost this, USD per million tokens (may be repeated)', several)
    .option('--from <source[:path]>', 'replay the log of another tool without importing it, such as claude-code or jsonl:calls.jsonl')
    .option('--since <time>', 'count calls from this time on, such as 30d or 2026-11-01')
    .option('--until <time>', 'count calls before this time')
    .option('--include-pinned', 'decide calls that named a model again as well')
    .option('--sweep', 'try 21 settings of the weights and show the best trade-offs')
    .option(
      '--min-quality <q>',
      'with --sweep: recommend the cheapest setting that keeps this predicted quality (default: that of the log)',
      fraction,
    )
    .option('--floor <f>', 'with --sweep: quality floor relative to the best eligible model', fraction)
    .option('--suggest', 'try models that are not in the pool, and prices that are new, and name what would save most')
    .option('--diff', 'list the choices that change, with both reasons, and the sessions that move most')
    .option('--html <file>', 'write a page that shows everything and works offline, with the trade-offs of other weights')
    .option(
      '--verify <calls>',
      'ask so many of the calls that change for real, have the answers compared, and correct the estimate',
      wholeAbove0,
    )
    .option('--max-usd <usd>', 'with --verify: spend at most this', above0)
    .option('--judge <model>', 'with --verify: who compares (default: the judge of the default profile’s cascade, else the ablest model)')
    .option('--yes', 'with --verify: do not ask before spending')
    .option('--dry-run', 'with --verify: show what would be asked and what it would cost')
    .action((options: Options) => {
      const verification = verifyOptions(options)
      checkSimulateOptions({ ...options })
      checkPolicyNames(options)
      const { since, until } = parseRange(options, Date.now())
      const replayed = async (ledger: Ledger): Promise<void> => {
        const { bar, progress } = watchReplay(cli, ledger)
        const replay = async (alternatives: readonly Alternative[]): Promise<readonly Simulation[]> => {
          try {
            return await simulateInThreads(ledger, alternatives, range)
          } finally {
            bar.end()
          }
        }
        const range = {
          progress,
          ...(since === undefined ? {} : { sinceMs: since }),
          ...(until === undefined ? {} : { untilMs: until }),
          ...(options.includePinned === undefined ? {} : { includePinned: options.includePinned }),
        }
        const look = lookOf(cli.io)
        if (options.sweep) {
          const points = sweepAlternatives(options.floor ?? 0).map(await chosenChange(cli, options, ledger))
          const sweep = sweepOf(await replay(points), options.minQuality ?? null)
          return cli.globals().json ? printJson(cli, sweepJson(sweep)) : print(cli, showSweep(sweep, look))
        }
        if (options.suggest) {
          const { loaded, pool } = await loadSetup(cli)
          const tried = worthTrying(pool.models, await catalogModels(pool, loaded.folder))
          const logged = [...ledger.modelRevs().values()].map((json) => JSON.parse(json) as ModelRev)
          const changes = [...tried.map((rev) => withModel(asLogged(), rev)), ...newPrices(pool.models, logged)]
          const found = rankSuggestions(await replay(changes))
          if (cli.globals().json)
            return printJson(cli, {
              tried: tried.map((rev) => rev.id),
              suggestions: found.map((s) => ({ change: s.change, ...simulationJson(s.result) })),
            })
          return print(cli, showSuggestions(found, tried.length, look))
        }
        const alternatives = await chosenAlternatives(cli, options, ledger)
        if (verification !== null) {
          await runVerification(cli, ledger, alternatives, { range, options: verification, replayed: bar.end })
          return
        }
        if (options.html !== undefined) {
          // One pass serves both the policies asked for and the trade-offs around them.
          const all = await replay([
            ...alternatives,
            ...sweepAlternatives(options.floor ?? 0).map(await chosenChange(cli, options, ledger)),
          ])
          const sweep = sweepOf(all.slice(alternatives.length), options.minQuality ?? null)
          const path = resolve(cli.io.cwd, options.html)
          const { simulationPage } = await import('../simulation-page.js')
          await writePage(path, simulationPage(all.slice(0, alternatives.length), sweep))
          return cli.globals().json ? printJson(cli, { path }) : print(cli, `Wrote ${path}.`)
        }
        const results = await replay(alternatives)
        if (cli.globals().json) {
          const [first, ...others] = results.map((result) =>
            options.diff ? { ...simulationJson(result), diff: diffJson(result) } : simulationJson(result),
          )
          return printJson(cli, { ...first, others })
        }
        const [only] = results
        if (results.length !== 1 || only === undefined) {
          const each = options.diff ? results.map((result) => `\n${look.paint.bold(result.policy)}\n${showDiff(result, look)}`) : []
          return print(cli, [showSimulations(results, look), ...each].join('\n'))
        }
        return print(cli, options.diff ? `${showSimulation(only, look)}\n${showDiff(only, look)}` : showSimulation(only, look))
      }
      const { from } = options
      return orDocument(nothingSimulated(options), () =>
        from === undefined ? withLedger(cli, replayed) : withHistory(cli, from, {}, replayed),
      )
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
