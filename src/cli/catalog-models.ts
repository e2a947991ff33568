import { providers as known, type ModelRev, resolveModel } from '../catalog/index.js'
import { currentPrices, type Pool } from '../config/index.js'

/** Models of the price list at a pool's providers (at all known ones when it is simulated), as far as their abilities were measured. */
export async function catalogModels(pool: Pool, folder: string): Promise<readonly ModelRev[]> {
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
