import { batchApiOf } from '../batch/index.js'
import { ablest, tierOf } from '../catalog/index.js'
import type { Classifier, ExampleLibrary } from '../classify/index.js'
import { type LoadedConfig, localKeysPath, type Pool, profileSettings, readLocalKeys, type StoredKey } from '../config/index.js'
import { nanoFromUsd, recordHash } from '../kit/index.js'
import type { ResolvedPolicy } from '../policy/index.js'
import type { PoolModel, Setup, SpendLimit } from '../route/index.js'

interface SetupParts {
  readonly loaded: LoadedConfig
  readonly pool: Pool
  readonly policies: Readonly<Record<string, ResolvedPolicy>>
  readonly keyed: (digest: string) => string
  readonly classifier: Classifier
  readonly examples: ExampleLibrary | null
}

/** What routing uses of a configuration, looked up once. */
export function resolveSetup({ loaded, pool, policies, keyed, classifier, examples }: SetupParts): Setup {
  const { config } = loaded
  const models = pool.models.flatMap((rev): PoolModel[] => {
    const access = pool.providers[rev.provider]
    return access === undefined ? [] : [{ rev, hash: recordHash(rev), access }]
  })
  const tiers = new Map(models.map((m) => [m.rev.id, tiersOf(m, config.batch)]))
  const byId = new Map([...models, ...[...tiers.values()].flat()].map((m) => [m.rev.id, m]))
  const keeps = config.ledger.bodies === 'all'
  return {
    pool: models,
    byId,
    tiers,
    deadlines: deadlinesOf(config),
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
    budgets: [...limitsOf(config), ...limitsOfKeys(readLocalKeys(localKeysPath(loaded)))],
    regex: [...new Set(Object.values(policies).flatMap((p) => p.rules.flatMap((rule) => rule.when.prompt ?? [])))],
    classifier,
    examples,
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

function deadlinesOf(config: LoadedConfig['config']): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(profileSettings(config)).flatMap(([name, { deadlineMs }]) => (deadlineMs === null ? [] : [[name, deadlineMs]])),
  )
}

/** `total`, `session`, `profile:NAME` or `key:NAME`, and the budgets of single profiles. Of those that only warn `config check` says what to write instead. */
function limitsOf(config: LoadedConfig['config']): readonly SpendLimit[] {
  const named = config.budgets
    .filter((budget) => budget.action !== 'warn')
    .map(({ scope, limit }): SpendLimit => {
      const [kind = 'total', id] = scope.split(/:(.*)/s)
      return { kind: kind as SpendLimit['kind'], id: id ?? null, per: limit.per, limit: nanoFromUsd(limit.usd) }
    })
  const ofProfiles = Object.entries(config.profiles).flatMap(([id, { budget }]): SpendLimit[] =>
    budget === undefined ? [] : [{ kind: 'profile', id, per: budget.per, limit: nanoFromUsd(budget.usd) }],
  )
  return [...named, ...ofProfiles]
}

function limitsOfKeys(keys: readonly StoredKey[]): readonly SpendLimit[] {
  return keys.flatMap(({ name, budget, revokedAt }): SpendLimit[] =>
    budget === null || revokedAt !== null ? [] : [{ kind: 'key', id: name, per: budget.per, limit: nanoFromUsd(budget.usd) }],
  )
}
