import { chatModels, DEFAULT_POOL, type ModelRev, providers, resolveModel } from '../../catalog/index.js'
import { currentPrices, resolvePolicies } from '../../config/index.js'
import { type Damage, type HistorySource, type ImportProgress, importCalls } from '../../history/index.js'
import type { Ledger } from '../../ledger/index.js'
import { ENGINE } from '../../policy/index.js'
import { restoreState } from '../../server/restore-state.js'
import type { Cli } from '../cli.js'
import { isKeyless, loadSetup } from '../load-setup.js'
import { remark } from '../say.js'
import { packageVersion } from '../version.js'
import type { Reading } from './logs.js'
import { recordLogged } from './record-logged.js'
import { calledBy, loggedModels } from './resolve-logged-model.js'
import type { UnderstoodCall } from './understand-history.js'

interface ImportEvents {
  onDamage(damage: Damage): void
  /** Share of the bytes read, and the calls so far. */
  onProgress(share: number, progress: ImportProgress): void
}

/** Imports logged calls into a ledger, in chronological order; existing calls stay unchanged. */
export async function importInto(
  cli: Cli,
  ledger: Ledger,
  { logs: { source, bytes }, batches, keeps }: Reading,
  events: ImportEvents,
): Promise<ImportProgress> {
  let read = 0
  let classifierHash = ''

  async function* calls(): AsyncGenerator<UnderstoodCall> {
    for await (const batch of batches) {
      for (const damage of batch.damage) events.onDamage(damage)
      read = batch.bytes
      classifierHash = batch.classifierHash
      yield* batch.calls
    }
  }

  const { policy, pool, others, folder } = await setupForLogs(cli, source)
  const candidates = pool.map((rev) => calledBy(source, rev))
  // Imported calls belong to this run: their age counts from now, not from when they were made. Two imports at once would each give the
  // prefixes that they share tokens of their own, of which the ledger keeps one.
  ledger.startRun({ appVersion: packageVersion(), engine: ENGINE, startedAt: Date.now(), alone: 'import' })
  const { state } = await restoreState(ledger, () => {})
  const modelOf = await loggedModels(source, [...candidates, ...others.map((rev) => calledBy(source, rev))], folder)
  const record = recordLogged({
    policy,
    pool: candidates,
    modelOf,
    state,
    storedTokens: ledger.prefixTokens,
    classifierHash: () => classifierHash,
    keeps,
  })
  return importCalls(ledger, calls(), record, {
    isKnown: ({ asked }) => asked === null,
    onProgress: (progress) => events.onProgress(bytes === 0 ? 1 : read / bytes, progress),
  })
}

/** Whose models a tool uses; the others use those of several vendors. */
const VENDOR_OF: Partial<Record<HistorySource, string>> = {
  'claude-code': 'anthropic',
  codex: 'openai',
  'gemini-cli': 'google',
  openrouter: 'openrouter',
}
const VENDORS = ['anthropic', 'openai', 'google']

/**
 * What the logged calls are decided with: the default profile's policy, and the configuration's models. Where only simulated ones could
 * answer, and none were asked for, the ready-made models of the tool's vendor take their place, as they would be with a key: a simulated
 * model's price would make every real call look like money wasted. Throws E_CONFIG.
 */
async function setupForLogs(cli: Cli, source: HistorySource) {
  const setup = await loadSetup(cli)
  const { config, folder } = setup.loaded
  const configured = chatModels(setup.pool.models)
  const keyless = isKeyless(setup)
  const pool = keyless ? await readyMade(VENDOR_OF[source] === undefined ? VENDORS : [VENDOR_OF[source]], folder) : configured
  // A program that reads JSON finds the models in it.
  if (keyless && !cli.globals().json) {
    const names = pool.map(({ id }) => id).join(', ')
    remark(cli, `llmroute: no provider has a key, so the calls are compared with models that a key would give: ${names}.`)
  }
  const ids = pool.map(({ id }) => id)
  // A configuration whose default profile is unknown is not valid.
  const policy = (keyless ? resolvePolicies(config, ids) : setup.policies)[config.default]!
  return { policy, pool, /** Models that the configuration knows besides. */ others: keyless ? configured : [], folder }
}

async function readyMade(vendors: readonly string[], folder: string): Promise<readonly ModelRev[]> {
  const prices = await currentPrices(folder, new Date())
  const modelsOf = (id: string): readonly ModelRev[] =>
    (DEFAULT_POOL[id] ?? []).map((name) => resolveModel({ id: `${id}/${name}` }, { provider: providers[id]!, prices }))
  return chatModels(vendors.flatMap(modelsOf))
}
