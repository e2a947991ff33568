import { type ModelRev, providers, resolveModel } from '../../catalog/index.js'
import { plainName } from '../../catalog/model-name.js'
import { currentPrices } from '../../config/index.js'
import type { HistoryCall, HistorySource } from '../../history/index.js'
import { entry, recordHash } from '../../kit/index.js'

export interface LoggedModel {
  readonly rev: ModelRev
  readonly hash: string
}

/** What a log says about the model it names. */
type NamedModel = Pick<HistoryCall, 'provider' | 'model' | 'format'>

/** Provider of a name that comes without one, by the format its tool speaks. */
const BY_FORMAT = { 'anthropic-messages': 'anthropic', 'openai-responses': 'openai', 'openai-chat': 'openai', gemini: 'google' } as const

/**
 * The model under another tool's credentials: its prompt caches are not the router's, so a daemon that serves while its log is imported
 * need not know about them.
 */
export function calledBy(source: HistorySource, rev: ModelRev): ModelRev {
  return { ...rev, account: `${source}:${rev.account}` }
}

/** Finds the revision of a model that another tool logged: one of the pool if it is the same, else from the catalog. */
export async function loggedModels(
  source: HistorySource,
  pool: readonly ModelRev[],
  folder: string,
): Promise<(call: NamedModel) => LoggedModel> {
  const prices = await currentPrices(folder, new Date())
  const known = new Map<string, LoggedModel>()
  const resolve = (provider: string, name: string): ModelRev => {
    const id = `${provider}/${name}`
    const same = pool.find((rev) => rev.id === id || (rev.provider === provider && plainName(rev.name) === plainName(name)))
    if (same !== undefined) return same
    const { wire = 'openai-chat', wires = [wire], priceId = null } = providers[provider] ?? {}
    const context = { provider: { id: provider, wire, wires, local: false, priceId }, prices }
    return calledBy(source, resolveModel({ id }, context))
  }
  const named = new Set([...Object.keys(providers), ...pool.map((rev) => rev.provider)])
  return (call) => {
    const { provider, name } = split(call, named)
    return entry(known, `${provider}/${name}`, () => {
      const rev = resolve(provider, name)
      return { rev, hash: recordHash(rev) }
    })
  }
}

function split({ provider, model, format }: NamedModel, known: ReadonlySet<string>): { readonly provider: string; readonly name: string } {
  if (provider !== null) return { provider, name: model.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model }
  const slash = model.indexOf('/')
  if (slash > 0 && known.has(model.slice(0, slash))) return { provider: model.slice(0, slash), name: model.slice(slash + 1) }
  return { provider: BY_FORMAT[format], name: model }
}
