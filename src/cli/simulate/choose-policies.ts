import { chatModels, didYouMean, type ModelRev } from '../../catalog/index.js'
import { resolvePolicies } from '../../config/index.js'
import { addTo, Fault, picoFromUsdPerMTok } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { PRESETS, type ResolvedPolicy, type Weights } from '../../policy/index.js'
import { parseDuration } from '../../report/parse-time.js'
import {
  type Alternative,
  asLogged,
  modelsLogged,
  withDeadline,
  withModels,
  withoutProviders,
  withPolicies,
  withPreset,
  withPrice,
  withStrategy,
} from '../../simulate/index.js'
import { type Cli, unknownProfile } from '../cli.js'
import { type ConfiguredSetup, isKeyless, loadSetup } from '../load-setup.js'

export interface PolicyOptions {
  readonly preset?: readonly string[]
  readonly weights?: readonly string[]
  readonly profile?: readonly string[]
  readonly models?: readonly string[]
  readonly without?: readonly string[]
  readonly price?: readonly string[]
  readonly deadline?: string
}

/**
 * The policies named on a command line, in its order. If it names none: that of `--config`, else the live one if only models or prices
 * change, else every preset. Throws E_USAGE.
 */
export async function chosenAlternatives(cli: Cli, options: PolicyOptions, ledger: Ledger): Promise<readonly Alternative[]> {
  const { preset = [], weights = [], profile = [] } = options
  const setup = await setupNamed(cli, options, ledger)
  const change = changeOf(options, setup, ledger)
  const named: Alternative[] = [...preset.map(presetNamed), ...weights.map(weighted), ...profile.map((name) => profileNamed(setup!, name))]
  const all = named.length > 0 ? named : unnamed(setup, ledger, change !== null)
  return change === null ? all : all.map(change)
}

/** Changes to any policy from the command line: its models, prices and deadline. Throws E_USAGE. */
export async function chosenChange(cli: Cli, options: PolicyOptions, ledger: Ledger): Promise<(base: Alternative) => Alternative> {
  return changeOf(options, await setupNamed(cli, options, ledger), ledger) ?? ((base) => base)
}

async function setupNamed(cli: Cli, { profile = [] }: PolicyOptions, ledger: Ledger): Promise<ConfiguredSetup | null> {
  if (profile.length === 0 && cli.globals().config === undefined) return null
  const setup = await loadSetup(cli)
  return isKeyless(setup) ? withLoggedPool(setup, ledger) : setup
}

/** Where only simulated models could answer here, policies choose among the models that the calls of the log were decided with, if those are none. */
function withLoggedPool(setup: ConfiguredSetup, ledger: Ledger): ConfiguredSetup {
  const ids = new Set([...ledger.policies().values()].flatMap((json) => (JSON.parse(json) as ResolvedPolicy).pool))
  const models = [...new Map(modelsLogged(ledger).map((rev) => [rev.id, rev])).values()].filter(({ id }) => ids.has(id))
  if (models.length === 0 || models.some(({ simulated }) => simulated)) return setup
  const policies = resolvePolicies(
    setup.loaded.config,
    models.map(({ id }) => id),
  )
  return { ...setup, pool: { ...setup.pool, models }, policies }
}

/** Null when nothing is to change. */
function changeOf(
  { models, without, price = [], deadline }: PolicyOptions,
  setup: ConfiguredSetup | null,
  ledger: Ledger,
): ((base: Alternative) => Alternative) | null {
  if (models === undefined && without === undefined && price.length === 0 && deadline === undefined) return null
  const known: readonly ModelRev[] = [...modelsLogged(ledger), ...(setup?.pool.models ?? [])]
  const prices = price.map(parsePrice)
  checkNames(models, without, [...(models ?? []), ...prices.map(({ model }) => model)], known)
  return (base) => {
    let changed = base
    if (models !== undefined) changed = withModels(changed, models)
    if (without !== undefined) changed = withoutProviders(changed, without)
    for (const { model, input, output } of prices) changed = withPrice(changed, model, input, output)
    if (deadline !== undefined) changed = withDeadline(changed, parseDuration(deadline, '--deadline'))
    return changed
  }
}

/** Invalid presets and weights are wrong usage whatever the ledger contains. Throws E_USAGE. */
export function checkPolicyNames({ preset = [], weights = [] }: PolicyOptions): void {
  preset.forEach(presetNamed)
  weights.forEach(weighted)
}

function presetNamed(name: string): Alternative {
  const preset = (PRESETS as Readonly<Record<string, (typeof PRESETS)['economy']>>)[name]
  if (preset !== undefined) return withPreset(name, preset)
  throw new Fault('E_USAGE', `'${name}' is no preset.`, {
    hint: `Presets are ${Object.keys(PRESETS).join(', ')}; profiles go with --profile.`,
  })
}

function unnamed(setup: ConfiguredSetup | null, ledger: Ledger, changed: boolean): readonly Alternative[] {
  if (setup === null) return changed ? [asLogged()] : Object.keys(PRESETS).map(presetNamed)
  const { policies, loaded, pool } = setup
  // A configuration whose default profile is unknown is not valid.
  const fallback = policies[loaded.config.default]!
  const own = profileOfAuto(ledger)
  return [withPolicies(loaded.path ?? 'configuration', own === null ? policies : { ...policies, [own]: fallback }, fallback, pool.models)]
}

const LOOKED_AT = 1000

/** The profile that calls which named none mostly had: under another configuration they have its default. */
function profileOfAuto(ledger: Ledger): string | null {
  const counts = new Map<string, number>()
  for (const { mode, requestedModel, profile } of ledger.listCalls({ limit: LOOKED_AT }))
    if (mode !== 'pinned' && !requestedModel.includes(':')) addTo(counts, profile)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}

function profileNamed({ policies, pool }: ConfiguredSetup, name: string): Alternative {
  const policy = policies[name]
  if (policy !== undefined) return withPolicies(name, {}, policy, pool.models)
  throw unknownProfile(name, Object.keys(policies))
}

/** `cost=.6,quality=.25,latency=.15[,carbon=.1][,floor=.8]`. */
function weighted(text: string): Alternative {
  const values = new Map<string, number>()
  for (const part of text.split(',')) {
    const [key = '', value = ''] = part.split('=').map((s) => s.trim())
    const number = value === '' ? Number.NaN : Number(value)
    const most = key === 'floor' ? 1 : Number.MAX_VALUE
    if (!['cost', 'quality', 'latency', 'carbon', 'floor'].includes(key) || values.has(key) || !(number >= 0 && number <= most)) {
      throw new Fault('E_USAGE', `'${part}' is ${values.has(key) ? 'a second value of one' : 'no'} weight.`, {
        hint: 'Write them as cost=.6,quality=.25,latency=.15, with an optional floor=.8.',
      })
    }
    values.set(key, number)
  }
  const floor = values.get('floor') ?? 0
  const carbon = values.get('carbon')
  const weights: Weights = {
    cost: values.get('cost') ?? 0,
    quality: values.get('quality') ?? 0,
    latency: values.get('latency') ?? 0,
    ...(carbon === undefined ? {} : { carbon }),
  }
  if (weights.cost + weights.quality + weights.latency + (carbon ?? 0) === 0) {
    throw new Fault('E_USAGE', 'All weights are 0.', { hint: 'Give at least one a value above 0, such as cost=1.' })
  }
  return withStrategy(text, { kind: 'weights', weights }, floor)
}

/** `openai/gpt-5=1.25/10`: USD per million tokens. */
function parsePrice(text: string) {
  const [, model, input, output] = /^(.+)=([\d.]+)\/([\d.]+)$/.exec(text) ?? []
  if (model !== undefined && !Number.isNaN(Number(input)) && !Number.isNaN(Number(output)))
    return { model, input: picoFromUsdPerMTok(Number(input)), output: picoFromUsdPerMTok(Number(output)) }
  throw new Fault('E_USAGE', `'${text}' is no price.`, { hint: 'Write it as openai/gpt-5=1.25/10: USD per million tokens in and out.' })
}

/** Throws E_USAGE for a model or provider that no call could have had, and when none would be left. `named`: models of any option. */
function checkNames(
  models: readonly string[] | undefined,
  without: readonly string[] = [],
  named: readonly string[],
  known: readonly ModelRev[],
): void {
  const ids = [...new Set(chatModels(known).map((m) => m.id))].sort()
  const isOf = (id: string, name: string): boolean => id === name || id.startsWith(`${name}/`)
  for (const id of named) if (!ids.includes(id)) throw unknown(id, ids)
  for (const name of without) if (!ids.some((id) => isOf(id, name))) throw unknown(name, [...new Set(known.map((m) => m.provider)), ...ids])
  if (!ids.some((id) => (models?.includes(id) ?? true) && !without.some((name) => isOf(id, name))))
    throw new Fault('E_USAGE', 'No model would be left to choose from.', { hint: `There are ${ids.join(', ')}.` })
}

function unknown(name: string, known: readonly string[]): Fault {
  return new Fault('E_USAGE', `'${name}' is in neither the pool nor the log.`, {
    hint: didYouMean(name, known) ?? `There are ${known.join(', ')}.`,
  })
}
