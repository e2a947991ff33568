import { providers as known, type ModelRev, type ProviderAccess, resolveModel, sandboxModels } from '../catalog/index.js'
import type { PoolPorts } from './pool-ports.js'
import type { Pool } from './resolve-pool.js'

/** Looked for before simulated models are used. */
const LOCAL_SERVERS = ['ollama', 'lmstudio'] as const

/** The models of servers running on this machine; null when there are none. */
export async function localPool(ports: PoolPorts, warnings: readonly string[]): Promise<Pool | null> {
  const found = await Promise.all(
    LOCAL_SERVERS.map(async (id) => {
      const provider = known[id]!
      return { provider, names: (await ports.listModels(provider.baseURL)) ?? [] }
    }),
  )
  const serving = found.filter(({ names }) => names.length > 0)
  const models = serving.flatMap(({ provider, names }) =>
    names.map((name): ModelRev => resolveModel({ id: `${provider.id}/${name}` }, { provider, prices: null })),
  )
  if (!models.some((model) => model.kind === 'chat')) return null
  return {
    models,
    references: [],
    providers: Object.fromEntries(serving.map(({ provider }) => [provider.id, accessWithoutKey(provider.id)])),
    sandbox: false,
    origin: `no key is set; models of ${serving.map(({ provider }) => provider.title).join(' and ')} on this machine`,
    missing: [],
    warnings,
  }
}

export function sandboxPool(speed: number, warnings: readonly string[]): Pool {
  return {
    models: sandboxModels(speed),
    references: [],
    providers: { sandbox: accessWithoutKey('sandbox') },
    sandbox: true,
    origin: 'the sandbox: simulated models, no answer is real',
    missing: [],
    warnings,
  }
}

function accessWithoutKey(id: string): ProviderAccess {
  const { wire, wires, baseURL } = known[id]!
  return {
    id,
    wire,
    wires,
    baseURL,
    headers: {},
    auth: 'none',
    credential: () => null,
    credentialSource: null,
    simulated: id === 'sandbox',
  }
}
