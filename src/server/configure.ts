import { chatModels } from '../catalog/index.js'
import { SHIPPED_EXAMPLES } from '../classify/index.js'
import { type LoadedConfig, type Pool, resolvePolicies, resolvePool, sandboxSettings } from '../config/index.js'
import { type Clock, recordHash, stableJson } from '../kit/index.js'
import { readHome } from '../learn/index.js'
import type { Ledger } from '../ledger/index.js'
import type { Advise, RouterPorts, Setup } from '../route/index.js'
import { createHealthBoard, createSandbox, type Dispatch } from '../upstream/index.js'
import { createAdvisor } from './advise/create-advisor.js'
import type { EmbedAsCall } from './advise/embed-as-call.js'
import type { Records } from './open-records.js'
import { resolveSetup } from './resolve-setup.js'

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
  const chat = chatModels(pool.models).map(({ id }) => id)
  const { embeddings, examples } = loaded.config.classifier
  const home = readHome(loaded.folder, examples, parts.report)
  const setup = resolveSetup({
    loaded,
    pool,
    policies: resolvePolicies(loaded.config, chat),
    keyed: records.keyed,
    classifier: home.classifier,
    examples: embeddings === undefined ? home.library : null,
  })
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
    ...[...setup.byId.values()].map(({ rev, hash }) => ['model_rev', hash, stableJson(rev)] as const),
    ...pool.references.map((rev) => ['model_rev', recordHash(rev), stableJson(rev)] as const),
    ...[...setup.profiles.values()].map(({ policy, hash }) => ['policy', hash, stableJson(policy)] as const),
  ])
  const { seed, errorRate } = sandboxSettings(loaded.config)
  const sandbox = createSandbox({ models: pool.models.filter((rev) => rev.simulated), seed, errorRate, clock })
  return { loaded, pool, setup, advise, sandbox }
}
