import { chatModels, DEFAULT_POOL, type ModelRev, providers, resolveModel } from '../../catalog/index.js'
import { currentPrices, resolvePolicies } from '../../config/index.js'
import type { HistorySource } from '../../history/index.js'
import { Fault } from '../../kit/index.js'
import type { ResolvedPolicy } from '../../policy/index.js'
import type { Cli } from '../cli.js'
import { isKeyless, loadSetup } from '../load-setup.js'
import { remark } from '../say.js'

interface SetupForLogs {
  /** That of the default profile. */
  readonly policy: ResolvedPolicy
  /** Chat models that may take the place of a logged one. */
  readonly pool: readonly ModelRev[]
  /** Models that the configuration knows besides. */
  readonly others: readonly ModelRev[]
  /** The user's configuration folder. */
  readonly folder: string
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
 * What the logged calls are decided with: the configuration's models. Where only simulated ones could answer, and none were asked for, the
 * ready-made models of the tool's vendor take their place, as they would be with a key: a simulated model's price would make every real
 * call look like money wasted. Throws E_CONFIG.
 */
export async function setupForLogs(cli: Cli, source: HistorySource): Promise<SetupForLogs> {
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
  const policy = (keyless ? resolvePolicies(config, ids) : setup.policies)[config.default]
  if (policy === undefined)
    throw new Fault('E_CONFIG', `The default profile ${config.default} is not there.`, { hint: 'Run `llmroute config check`.' })
  return { policy, pool, others: keyless ? configured : [], folder }
}

async function readyMade(vendors: readonly string[], folder: string): Promise<readonly ModelRev[]> {
  const prices = await currentPrices(folder, new Date())
  const modelsOf = (id: string): readonly ModelRev[] =>
    (DEFAULT_POOL[id] ?? []).map((name) => resolveModel({ id: `${id}/${name}` }, { provider: providers[id]!, prices }))
  return chatModels(vendors.flatMap(modelsOf))
}
