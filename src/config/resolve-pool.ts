import {
  ABILITY_GROUPS,
  type AbilityGroup,
  DEFAULT_POOL,
  didYouMean,
  providers as known,
  type ModelRev,
  type ModelSpec,
  type ProviderAccess,
  resolveModel,
  TASK_MIX,
} from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import { withKeysFile } from './credentials.js'
import type { Env } from './find-config.js'
import type { LoadedConfig } from './load-config.js'
import { type PoolPorts, systemPorts } from './pool-ports.js'
import { localPool, sandboxPool } from './pools-without-keys.js'
import { poolSpelling } from './resolve-policies.js'
import { type ResolvedProvider, resolveProvider } from './resolve-providers.js'
import { type Config, sandboxSettings } from './schema/config.js'

export interface Pool {
  /** Models that may serve, in configuration order. */
  readonly models: readonly ModelRev[]
  /** Models that are compared with only: configured baselines outside the pool. */
  readonly references: readonly ModelRev[]
  /** How to reach each provider of the pool. Credentials are here and nowhere else. */
  readonly providers: Readonly<Record<string, ProviderAccess>>
  /** True when every answer is simulated. */
  readonly sandbox: boolean
  /** Where the pool comes from, one sentence for people. */
  readonly origin: string
  /** Configured models left out because their provider has no key. */
  readonly missing: readonly MissingModel[]
  /** By model that no price list has, which listed one may be meant: a misspelling, probably. */
  readonly guesses?: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

interface MissingModel {
  readonly id: string
  readonly provider: string
  readonly variables: readonly string[]
}

/**
 * The models that can be used here and now. Throws E_CONFIG, naming the variables to set, when there is none and the
 * sandbox rule does not allow simulated ones.
 */
export async function resolvePool(loaded: LoadedConfig, environment: Env, ports: PoolPorts = systemPorts): Promise<Pool> {
  const { config } = loaded
  const sandbox = sandboxSettings(config)
  if (sandbox.enabled === true) return sandboxPool(sandbox.speed, [])
  const { env, warning } = withKeysFile(environment, loaded.folder)
  const warnings = warning === null ? [] : [warning]

  const resolved = await resolveProviders(config, env, ports)
  const wanted = await wantedModels(config, resolved, ports)
  const usable = wanted.filter((spec) => resolved[providerOf(spec.id)]?.usable)
  if (usable.some((spec) => spec.kind !== 'embedding')) {
    const prices = await ports.prices(loaded.folder)
    const resolve = (spec: ModelSpec): ModelRev => {
      const provider = resolved[providerOf(spec.id)]!
      return resolveModel(spec, {
        provider: {
          ...provider.access,
          local: provider.local,
          priceId: provider.priceId,
          ...(provider.vendor === null ? {} : { vendor: provider.vendor.id, lacks: provider.vendor.lacks }),
        },
        prices,
      })
    }
    const used = new Set(usable.map((spec) => providerOf(spec.id)))
    const baselines = baselinesOf(config).filter(
      (id) => poolSpelling(usable.map((spec) => spec.id))(id) === id && !usable.some((spec) => spec.id === id),
    )
    const models = usable.map(resolve)
    checkClassifier(config.classifier, models)
    const listed = (id: string): readonly string[] => {
      const { priceId } = resolved[id]!
      return prices === null || priceId === null ? [] : prices.list(priceId).map((row) => `${id}/${row.id}`)
    }
    return {
      models,
      references: baselines.map((id) => resolve(wanted.find((spec) => spec.id === id) ?? { id })),
      providers: Object.fromEntries([...used].map((id) => [id, resolved[id]!.access])),
      sandbox: false,
      origin: config.models ? 'the configured models' : `ready-made models of ${[...used].map((id) => known[id]?.title ?? id).join(', ')}`,
      // Providers without any configuration were not requested.
      missing: config.providers || config.models ? missingModels(wanted, resolved) : [],
      guesses: Object.fromEntries(
        models.flatMap(({ id, rates }) => {
          const guess = rates === null ? didYouMean(id, listed(providerOf(id))) : null
          return guess === null ? [] : [[id, guess]]
        }),
      ),
      warnings,
    }
  }

  if (loaded.path !== null && sandbox.enabled !== 'when-no-keys') throw noProvider(resolved, loaded.path)
  return (await localPool(ports, warnings)) ?? sandboxPool(sandbox.speed, warnings)
}

function providerOf(id: string): string {
  return id.slice(0, id.indexOf('/'))
}

/** The configured providers and those that configured models name; every known one when nothing is configured. */
async function resolveProviders(
  config: LoadedConfig['config'],
  env: Env,
  ports: PoolPorts,
): Promise<Readonly<Record<string, ResolvedProvider>>> {
  const settings = config.providers ?? {}
  const named = [...(config.models ?? []).map((model) => (typeof model === 'string' ? model : model.id)), ...baselinesOf(config)].map(
    providerOf,
  )
  const cloud = Object.values(known).filter((provider) => !provider.local)
  const ids =
    config.providers || config.models
      ? new Set([...Object.keys(settings), ...named])
      : new Set([...cloud.map((provider) => provider.id), ...named])
  ids.delete('sandbox')
  const entries = [...ids].map(async (id) => [id, await resolveProvider(id, settings[id] ?? {}, { env, run: ports.runCommand })] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** The configured models, else the ready-made pool of each provider, else the models of a local server. */
async function wantedModels(
  config: LoadedConfig['config'],
  resolved: Readonly<Record<string, ResolvedProvider>>,
  ports: PoolPorts,
): Promise<readonly ModelSpec[]> {
  if (config.models) return config.models.map(toModelSpec)
  const lists = Object.entries(resolved).map(async ([id, provider]) => {
    const names = DEFAULT_POOL[id] ?? (provider.usable ? await ports.listModels(provider.access.baseURL) : null) ?? []
    return names.map((name): ModelSpec => ({ id: `${id}/${name}` }))
  })
  return (await Promise.all(lists)).flat()
}

function baselinesOf(config: LoadedConfig['config']): readonly string[] {
  const all = [config.baseline, ...Object.values(config.profiles).map((profile) => profile.baseline)]
  return [...new Set(all.filter((id) => id !== undefined))]
}

function missingModels(wanted: readonly ModelSpec[], resolved: Readonly<Record<string, ResolvedProvider>>): readonly MissingModel[] {
  return wanted
    .map((spec) => ({ id: spec.id, provider: providerOf(spec.id) }))
    .filter(({ provider }) => resolved[provider] && !resolved[provider].usable)
    .map((model) => ({ ...model, variables: resolved[model.provider]!.variables }))
}

function noProvider(resolved: Readonly<Record<string, ResolvedProvider>>, path: string): Fault {
  const none = `no provider can be used with ${path}`
  const keyless = Object.entries(resolved).filter(([, { usable }]) => !usable)
  if (keyless.length === 0) {
    const names = Object.keys(resolved).join(', ')
    return new Fault('E_CONFIG', `${none}: ${names ? `${names} has no chat model` : 'none is configured'}`, {
      hint: 'List chat models under `models`, and start the servers they run on, or try everything out with `--sandbox`.',
    })
  }
  const set = keyless.map(([id, { variables }]) => `${variables.join(' or ') || 'a key'} (${id})`).join(', ')
  return new Fault('E_CONFIG', `${none}: set ${set}`, {
    hint: 'Set one of these variables, or try everything out with `--sandbox` (simulated models, nothing leaves this machine).',
  })
}

const KINDS = { llm: 'chat', embeddings: 'embedding' } as const

/** Throws E_CONFIG for a classifier that cannot be asked: otherwise nobody would notice that it never is. */
function checkClassifier(classifier: Config['classifier'], pool: readonly ModelRev[]): void {
  for (const key of ['llm', 'embeddings'] as const) {
    const id = classifier[key]?.model
    if (id === undefined || pool.some((model) => model.id === id && model.kind === KINDS[key])) continue
    const path = `classifier.${key}.model`
    throw new Fault('E_CONFIG', `${path}: found '${id}', expected a model of the pool whose kind is ${KINDS[key]}`, {
      param: path,
      hint: 'Add it to `models`, and set the key of its provider.',
    })
  }
}

type Entry = NonNullable<Config['models']>[number]
type Quality = NonNullable<Extract<Entry, object>['quality']>

/** A model as the catalog takes it, from a model as users write it. */
export function toModelSpec(entry: Entry): ModelSpec {
  if (typeof entry === 'string') return { id: entry }
  const { cache, quality, ...rest } = entry
  return {
    ...rest,
    ...(cache ? { cache: { mode: cache.mode, minTokens: cache.minTokens, stepTokens: cache.stepTokens, ttlMs: cache.ttl } } : {}),
    ...(quality === undefined ? {} : { quality: typeof quality === 'number' ? quality : byGroup(quality) }),
  }
}

/** Qualities by task as qualities by ability group: the mean over the tasks that draw on a group, unless the group itself is named. */
function byGroup(quality: Exclude<Quality, number>): Partial<Record<AbilityGroup, number>> {
  const result: Partial<Record<AbilityGroup, number>> = {}
  for (const group of ABILITY_GROUPS) {
    const own = group in quality ? quality[group] : meanOfTasks(quality, group)
    if (own !== undefined) result[group] = own
  }
  return result
}

function meanOfTasks(quality: Exclude<Quality, number>, group: AbilityGroup): number | undefined {
  let sum = 0
  let total = 0
  for (const [task, value] of Object.entries(quality)) {
    const weight = TASK_MIX[task]?.find(([name]) => name === group)?.[1] ?? 0
    sum += weight * value
    total += weight
  }
  return total > 0 ? sum / total : undefined
}
