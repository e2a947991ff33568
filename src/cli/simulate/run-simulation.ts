import { providers as known, type ModelRev, resolveModel } from '../../catalog/index.js'
import { currentPrices, type Pool } from '../../config/index.js'
import { formatCount } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import {
  type Alternative,
  asLogged,
  diffJson,
  modelsLogged,
  newPrices,
  rankSuggestions,
  type SimulateOptions,
  type Simulation,
  simulateInThreads,
  simulationJson,
  suggestionJson,
  sweepAlternatives,
  sweepJson,
  sweepOf,
  withModel,
  worthTrying,
} from '../../simulate/index.js'
import type { Cli } from '../cli.js'
import type { Reading } from '../import/logs.js'
import { withHistory } from '../import/with-history.js'
import { loadSetup } from '../load-setup.js'
import { withLedger } from '../open-ledger.js'
import { type Look, lookOf } from '../paint.js'
import { type ProgressBar, progressBar } from '../progress-bar.js'
import { answer } from '../say.js'
import { runVerification, type VerifyOptions } from '../verify/verify-policy.js'
import { checkPage, writePage } from '../write-output.js'
import { checkPolicyNames, chosenAlternatives, chosenChange, type PolicyOptions } from './choose-policies.js'
import { showDiff, showSimulation, showSimulations } from './show-simulation.js'
import { showSuggestions } from './show-suggestions.js'
import { showSweep } from './show-sweep.js'

export interface SimulationOptions extends PolicyOptions, Partial<VerifyOptions> {
  readonly from?: string
  readonly sweep?: boolean
  readonly suggest?: boolean
  readonly html?: string
  readonly since?: string
  readonly until?: string
  readonly includePinned?: boolean
  readonly diff?: boolean
  readonly minQuality?: number
  readonly floor?: number
}

interface Run {
  readonly cli: Cli
  readonly options: SimulationOptions
  readonly ledger: Ledger
  replay(alternatives: readonly Alternative[]): Promise<readonly Simulation[]>
}

/** Simulates the calls of the user's ledger, or those of the logs that are being read. */
export async function simulateCalls(
  cli: Cli,
  options: SimulationOptions,
  { since, until }: { readonly since?: number; readonly until?: number },
  reading: Reading | null,
): Promise<void> {
  checkPolicyNames(options)
  if (options.html !== undefined) await checkPage(cli, options.html)
  const times = { ...(since === undefined ? {} : { sinceMs: since }), ...(until === undefined ? {} : { untilMs: until }) }
  const simulate = (ledger: Ledger): Promise<void> => runSimulation(cli, options, ledger, times)
  return reading === null ? withLedger(cli, simulate) : withHistory(cli, reading, simulate)
}

/** Replays a ledger with these options, with a progress bar, and prints the result. */
async function runSimulation(
  cli: Cli,
  options: SimulationOptions,
  ledger: Ledger,
  times: Pick<SimulateOptions, 'sinceMs' | 'untilMs'>,
): Promise<void> {
  const { bar, progress } = watchReplay(cli, ledger)
  const { includePinned, verify, maxUsd } = options
  const range = { progress, ...times, ...(includePinned === undefined ? {} : { includePinned }) }
  const run: Run = {
    cli,
    options,
    ledger,
    replay: (alternatives) => simulateInThreads(ledger, alternatives, range).finally(bar.end),
  }
  if (options.sweep) return sweep(run)
  if (options.suggest) return suggest(run)
  const alternatives = await chosenAlternatives(cli, options, ledger)
  if (verify !== undefined && maxUsd !== undefined)
    return runVerification(cli, ledger, alternatives, { range, options: { ...options, verify, maxUsd }, replayed: bar.end })
  if (options.html !== undefined) return writeTradeOffs(run, alternatives, options.html)
  return compare(run, alternatives)
}

async function sweep(run: Run): Promise<void> {
  const { cli, options } = run
  const points = sweepOf(await run.replay(await pointsOf(run)), keepsOf(options))
  return answer(cli, sweepJson(points), () => showSweep(points, lookOf(cli.io)))
}

async function pointsOf({ cli, options, ledger }: Run): Promise<readonly Alternative[]> {
  return sweepAlternatives(keepsOf(options).floor).map(await chosenChange(cli, options, ledger))
}

/** Quality constraints of a sweep. */
function keepsOf({ minQuality, floor = 0 }: SimulationOptions) {
  return { minQuality: minQuality ?? null, floor }
}

async function suggest({ cli, ledger, replay }: Run): Promise<void> {
  const { loaded, pool } = await loadSetup(cli)
  const tried = worthTrying(pool.models, await catalogModels(pool, loaded.folder))
  const changes = [...tried.map((rev) => withModel(asLogged(), rev)), ...newPrices(pool.models, modelsLogged(ledger))]
  const [asIs, ...results] = await replay([asLogged(), ...changes])
  if (asIs === undefined) throw new Error('the pool as it is was not simulated')
  const found = rankSuggestions(asIs, results, tried)
  const document = { tried: tried.map((rev) => rev.id), excluded: asIs.excluded, suggestions: found.map(suggestionJson) }
  return answer(cli, document, () => showSuggestions(found, asIs, tried.length, lookOf(cli.io)))
}

/** One pass serves both the policies asked for and the trade-offs around them. */
async function writeTradeOffs(run: Run, alternatives: readonly Alternative[], file: string): Promise<void> {
  const { cli, options } = run
  const all = await run.replay([...alternatives, ...(await pointsOf(run))])
  const points = sweepOf(all.slice(alternatives.length), keepsOf(options))
  const { simulationPage } = await import('./simulation-page.js')
  const page = simulationPage(all.slice(0, alternatives.length), points)
  return writePage(cli, file, page)
}

async function compare({ cli, options, replay }: Run, alternatives: readonly Alternative[]): Promise<void> {
  const results = await replay(alternatives)
  const diff = options.diff ?? false
  const [first, ...others] = results.map((result) => ({ ...simulationJson(result), ...(diff ? { diff: diffJson(result) } : {}) }))
  return answer(cli, { ...first, others }, () => shown(results, diff, lookOf(cli.io)))
}

function shown(results: readonly Simulation[], diff: boolean, look: Look): string {
  const [only] = results
  if (results.length === 1 && only !== undefined)
    return diff ? `${showSimulation(only, look)}\n${showDiff(only, look)}` : showSimulation(only, look)
  const each = diff ? results.map((result) => `\n${look.paint.bold(result.policy)}\n${showDiff(result, look)}`) : []
  return [showSimulations(results, look), ...each].join('\n')
}

/** Models of the price list at a pool's providers (at all known ones when it is simulated), as far as their abilities were measured. */
async function catalogModels(pool: Pool, folder: string): Promise<readonly ModelRev[]> {
  const prices = await currentPrices(folder, new Date())
  const ids = pool.sandbox ? Object.keys(known) : Object.keys(pool.providers)
  return ids.flatMap((id) => {
    const provider = known[id]
    if (provider?.priceId == null) return []
    const context = {
      provider: { id, wire: provider.wire, wires: provider.wires ?? [provider.wire], local: false, priceId: provider.priceId },
      prices,
    }
    // OpenRouter lists a model's batch route as a model of its own, which answers no live call.
    return prices
      .list(provider.priceId)
      .filter((row) => row.kind === 'chat' && !row.deprecated && row.rates !== null && !row.id.endsWith(':batch'))
      .map((row) => resolveModel({ id: `${id}/${row.id}` }, context))
      .filter((rev) => rev.abilityBasis === 'measured')
  })
}

/** A log is read twice: once to measure the models, once to decide again. */
const READINGS = 2

/** A bar for a replay of a ledger, which counts every reading of a call. */
function watchReplay(cli: Cli, ledger: Ledger): { readonly bar: ProgressBar; progress(calls: number): void } {
  const bar = progressBar(cli)
  const total = Math.max(1, ledger.counts().calls)
  let done = 0
  return {
    bar,
    progress(calls) {
      done += calls
      const share = done / (READINGS * total)
      bar.show(share, `${formatCount(Math.min(total, Math.round(share * total)))} calls`)
    },
  }
}
