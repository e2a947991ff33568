import { batchApiOf } from '../batch/index.js'
import { ablest, chatModels, fastOf, tierOf } from '../catalog/index.js'
import { SHIPPED_EXAMPLES } from '../classify/index.js'
import {
  type LoadedConfig,
  localKeysPath,
  type Pool,
  profileSettings,
  readLocalKeys,
  resolvePolicies,
  resolvePool,
  sandboxSettings,
} from '../config/index.js'
import { type Clock, nanoFromUsd, recordHash, stableJson } from '../kit/index.js'
import { readHome } from '../learn/index.js'
import type { Ledger } from '../ledger/index.js'
import type { Advise, PoolModel, RouterPorts, Setup, SpendLimit } from '../route/index.js'
import { createHealthBoard, createSandbox, type Dispatch } from '../upstream/index.js'
import { createAdvisor } from './advise/create-advisor.js'
import type { EmbedAsCall } from './advise/embed-as-call.js'
import type { Records } from './open-records.js'

/** A configuration and everything derived from it: what a reload replaces. */
interface Configured {
  readonly loaded: LoadedConfig
  readonly pool: Pool
  readonly setup: Setup
  readonly advise: Advise | undefined
  /** Answers for simulated models. */
  readonly sandbox: Dispatch
}

interface ConfigureParts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly records: Pick<Records, 'keyed' | 'refer'>
  readonly ledger: () => Ledger | null
  readonly dispatch: RouterPorts['dispatch']
  readonly embed: EmbedAsCall
  readonly report: (error: unknown) => void
}

/** Throws E_CONFIG when the configuration cannot be used. `given` is its pool, when the caller has resolved it. */
export async function configure(loaded: LoadedConfig, parts: ConfigureParts, given?: Pool): Promise<Configured> {
  const { clock, records, ledger, dispatch, embed } = parts
  const pool = given ?? (await resolvePool(loaded, parts.env))
  const home = readHome(loaded.folder, loaded.config.classifier.examples, parts.report)
  const setup = resolveSetup(loaded, pool, home, records.keyed)
  const advise = createAdvisor({
    settings: loaded.config.classifier,
    models: setup.byId,
    examples: [...home.own, ...SHIPPED_EXAMPLES],
    ledger,
    // With its own circuit breakers: a model too slow to classify may still serve.
    ports: { clock, dispatch, health: createHealthBoard(() => null) },
    embed,
  })
  await records.refer([
    ...[...setup.byId.values()]
      .flatMap(({ fast, ...model }) => [model, ...(fast === undefined ? [] : [fast])])
      .map(({ rev, hash }) => ['model_rev', hash, stableJson(rev)] as const),
    ...pool.references.map((rev) => ['model_rev', recordHash(rev), stableJson(rev)] as const),
    ...[...setup.profiles.values()].map(({ policy, hash }) => ['policy', hash, stableJson(policy)] as const),
  ])
  const { seed, errorRate } = sandboxSettings(loaded.config)
  const sandbox = createSandbox({ models: pool.models.filter((rev) => rev.simulated), seed, errorRate, clock })
  return { loaded, pool, setup, advise, sandbox }
}

/** What routing uses of a configuration, looked up once. */
function resolveSetup(loaded: LoadedConfig, pool: Pool, home: ReturnType<typeof readHome>, keyed: Setup['keyed']): Setup {
  const { config } = loaded
  const policies = resolvePolicies(
    config,
    chatModels(pool.models).map(({ id }) => id),
  )
  const models = pool.models.flatMap((rev): PoolModel[] => {
    const access = pool.providers[rev.provider]
    if (access === undefined) return []
    const fast = fastOf(rev)
    return [{ rev, hash: recordHash(rev), access, ...(fast === null ? {} : { fast: { rev: fast, hash: recordHash(fast) } }) }]
  })
  const tiers = new Map(models.map((m) => [m.rev.id, tiersOf(m, config.batch)]))
  const byId = new Map([...models, ...[...tiers.values()].flat()].map((m) => [m.rev.id, m]))
  const keeps = config.ledger.bodies === 'all'
  return {
    pool: models,
    byId,
    tiers,
    deadlines: new Map(
      Object.entries(profileSettings(config)).flatMap(([name, { deadlineMs }]) => (deadlineMs === null ? [] : [[name, deadlineMs]])),
    ),
    embeddings: models.filter((m) => m.rev.kind === 'embedding').map((m) => m.rev),
    profiles: new Map(
      Object.entries(policies).map(([name, policy]) => [
        name,
        { policy, hash: recordHash(policy), revs: policy.pool.flatMap((id) => byId.get(id)?.rev ?? []) },
      ]),
    ),
    defaultProfile: config.default,
    aliases: config.aliases,
    baselines: new Map(pool.references.map((rev) => [rev.id, rev])),
    ablest: ablest(models.map(({ rev }) => rev))?.id ?? null,
    budgets: limitsOf(loaded),
    regex: [...new Set(Object.values(policies).flatMap((p) => p.rules.flatMap((rule) => rule.when.prompt ?? [])))],
    classifier: home.classifier,
    // Where an embedding model compares requests with examples, the local comparison is left out.
    examples: config.classifier.embeddings === undefined ? home.library : null,
    storeBodies: keeps,
    keyed: keeps ? null : keyed,
  }
}

/** A credential of the client's own is shown on the connection that it came with, and nowhere else. */
function tiersOf({ rev, access }: PoolModel, { expect, expectFlex }: LoadedConfig['config']['batch']): readonly PoolModel[] {
  const batch = access.auth === 'passthrough' || rev.simulated || batchApiOf(rev) === null ? null : tierOf(rev, 'batch', expect)
  const revs = [batch, tierOf(rev, 'flex', expectFlex)].filter((tier) => tier !== null)
  return revs.map((tier) => ({ rev: tier, hash: recordHash(tier), access }))
}

/** `total`, `session`, `profile:NAME` or `key:NAME`, and the budgets of single profiles. Of those that only warn `config check` says what to write instead. */
function limitsOf(loaded: LoadedConfig): readonly SpendLimit[] {
  const { config } = loaded
  const named = config.budgets
    .filter((budget) => budget.action !== 'warn')
    .map(({ scope, limit }): SpendLimit => {
      const [kind = 'total', id] = scope.split(/:(.*)/s)
      return { kind: kind as SpendLimit['kind'], id: id ?? null, per: limit.per, limit: nanoFromUsd(limit.usd) }
    })
  const ofProfiles = Object.entries(config.profiles).flatMap(([id, { budget }]): SpendLimit[] =>
    budget === undefined ? [] : [{ kind: 'profile', id, per: budget.per, limit: nanoFromUsd(budget.usd) }],
  )
  const ofKeys = readLocalKeys(localKeysPath(loaded)).flatMap(({ name, budget, revokedAt }): SpendLimit[] =>
    budget === null || revokedAt !== null ? [] : [{ kind: 'key', id: name, per: budget.per, limit: nanoFromUsd(budget.usd) }],
  )
  return [...named, ...ofProfiles, ...ofKeys]
}
