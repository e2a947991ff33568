import { closestNames, type ModelRev } from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import type { Ledger } from '../ledger/index.js'

export type KnownModel = Pick<ModelRev, 'id' | 'provider' | 'kind'>

/** Models that the ledger has seen in a pool. */
export function modelsLogged(ledger: Ledger): readonly KnownModel[] {
  return [...ledger.modelRevs().values()].map((json) => JSON.parse(json) as ModelRev)
}

interface Named {
  readonly models: readonly string[] | undefined
  readonly without: readonly string[] | undefined
  readonly price: readonly string[]
}

/** Throws E_USAGE for a model or provider that no call could have had, and when none would be left. */
export function checkNames({ models, without, price }: Named, known: readonly KnownModel[]): void {
  const ids = [...new Set(known.filter((m) => m.kind === 'chat').map((m) => m.id))].sort()
  for (const id of [...(models ?? []), ...price]) if (!ids.includes(id)) throw unknown(id, ids)
  for (const name of without ?? [])
    if (!ids.some((id) => id === name || id.startsWith(`${name}/`))) throw unknown(name, [...new Set(known.map((m) => m.provider)), ...ids])
  const left = known.filter(
    ({ id, kind }) =>
      kind === 'chat' && (models?.includes(id) ?? true) && !(without ?? []).some((name) => id === name || id.startsWith(`${name}/`)),
  )
  if (left.length === 0) throw new Fault('E_USAGE', 'No model would be left to choose from.', { hint: `There are ${ids.join(', ')}.` })
}

function unknown(name: string, known: readonly string[]): Fault {
  const [near] = closestNames(name, known, 1)
  return new Fault('E_USAGE', `No call of the log could have had '${name}'.`, {
    hint: near !== undefined ? `Did you mean ${near}?` : `There are ${known.join(', ')}.`,
  })
}
