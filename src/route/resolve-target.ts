import type { Effort } from '../canonical/index.js'
import { closestNames, matchModel, type Nameable } from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import { isEffort } from '../wire/index.js'
import type { NamedPolicy, PoolModel, Setup } from './setup.js'

/** What a model name in a request means. */
export interface CallTarget {
  readonly mode: 'auto' | 'pinned' | 'alias'
  readonly profile: NamedPolicy
  readonly pinned: PoolModel | null
  /** Effort asked for by a suffix of the name (`llmroute-auto-high`), as Cursor needs. */
  readonly effort: Effort | null
}

/** Names with the same meaning as `auto`, for clients that forbid the bare word or prefix the provider. */
const AUTO = new Set(['auto', 'llmroute', 'llmroute-auto', 'llmroute/auto'])

type Kind = PoolModel['rev']['kind']

/**
 * `profile` comes from a header or a local key; one in the model name overrides it. `kind` is the kind of model the request needs. Throws
 * E_UNKNOWN_MODEL with the closest known names, and E_BAD_REQUEST for a model of another kind.
 */
export function resolveTarget(setup: Setup, name: string, profile: string | null, kind: Kind = 'chat'): CallTarget {
  const alias = setup.aliases[name]
  if (alias !== undefined && Object.hasOwn(setup.aliases, name)) return { ...resolveName(setup, alias, profile, kind), mode: 'alias' }
  return resolveName(setup, name, profile, kind)
}

function resolveName(setup: Setup, name: string, asked: string | null, kind: Kind): CallTarget {
  const [bare, effort] = splitEffort(setup, name)
  if (isAuto(bare)) return { mode: 'auto', profile: profileAsked(setup, asked), pinned: null, effort }
  const colon = bare.indexOf(':')
  if (colon > 0 && isAuto(bare.slice(0, colon))) {
    return { mode: 'auto', profile: profileNamed(setup, bare.slice(colon + 1), 'model'), pinned: null, effort }
  }
  const model = findModel(setup, name)
  if (model === null) throw unknownModel(setup, name, kind)
  if (model.rev.kind !== kind) throw otherKind(model.rev.id, kind)
  return { mode: 'pinned', profile: profileAsked(setup, asked), pinned: model, effort: null }
}

/** Whether a name asks llmroute to choose, whatever the pool contains. */
export function isVirtual(name: string): boolean {
  return isAuto(name) || name.startsWith('auto:')
}

/** As models' names, it may be written in capitals. */
function isAuto(name: string): boolean {
  return AUTO.has(name.toLowerCase())
}

/** A pool model by id, by its provider's name for it, or by a spelling of its id that the catalog tolerates; never another model. */
export function findModel(setup: Setup, name: string): PoolModel | null {
  const exact = setup.byId.get(name) ?? setup.pool.find((m) => m.rev.name === name)
  if (exact !== undefined && exact.rev.tier === undefined) return exact
  const meant = matchModel(name, nameables(setup))
  return meant === null ? null : (setup.byId.get(meant.id) ?? null)
}

const spelled = new WeakMap<Setup, readonly Nameable[]>()

/** If a loose name matches several, their cost decides. */
function nameables(setup: Setup): readonly Nameable[] {
  let known = spelled.get(setup)
  if (known === undefined) {
    known = setup.pool.map(({ rev }) => ({
      id: rev.id,
      cost: rev.rates === null ? null : (rev.rates.input ?? 0) + 3 * (rev.rates.output ?? 0),
    }))
    spelled.set(setup, known)
  }
  return known
}

/** A profile's name may end like an effort level: then the complete name is meant. */
function splitEffort({ profiles }: Setup, name: string): readonly [string, Effort | null] {
  const dash = name.lastIndexOf('-')
  const effort = name.slice(dash + 1)
  if (dash < 0 || !isEffort(effort) || profiles.has(name.slice(name.indexOf(':') + 1))) return [name, null]
  return [name.slice(0, dash), effort]
}

function profileAsked(setup: Setup, asked: string | null): NamedPolicy {
  return profileNamed(setup, asked ?? setup.defaultProfile, 'x-llmroute-profile')
}

/** `param`: what in the request names it. */
function profileNamed(setup: Setup, name: string, param: string): NamedPolicy {
  const profile = setup.profiles.get(name)
  if (profile !== undefined) return profile
  const known = [...setup.profiles.keys()]
  const near = closestNames(name, known)
  throw new Fault('E_UNKNOWN_MODEL', `there is no profile "${name}"`, {
    hint: `${near.length > 0 ? `${didYouMean(near)} ` : ''}Profiles are ${known.join(', ')}.`,
    param,
    final: true,
  })
}

function otherKind(id: string, kind: Kind): Fault {
  const is = kind === 'chat' ? 'an embedding model, which does not chat' : 'a chat model, which makes no embeddings'
  return new Fault('E_BAD_REQUEST', `${id} is ${is}`, { hint: 'Use "auto", or a model that does.', param: 'model', final: true })
}

/** Suggests the closest known names, or where to look when none is close. */
export function unknownModel(setup: Setup, name: string, kind?: Kind): Fault {
  // An alias may lead to a name that is an alias itself, which is not followed.
  const near = closestNames(name, modelNames(setup, kind)).filter((known) => known !== name)
  const hint = near.length > 0 ? didYouMean(near) : 'Use "auto", or see GET /v1/models for the known names.'
  return new Fault('E_UNKNOWN_MODEL', `the model "${name}" is not in the pool`, { hint, param: 'model', final: true })
}

function didYouMean(near: readonly string[]): string {
  return `Did you mean ${near.map((n) => `"${n}"`).join(' or ')}?`
}

/** Every name a client may use, virtual ones first; of one kind of model only when one is given. */
export function modelNames(setup: Setup, kind?: Kind): readonly string[] {
  const models = setup.pool.flatMap(({ rev }) => (kind === undefined || rev.kind === kind ? [rev.id] : []))
  return ['auto', ...[...setup.profiles.keys()].map((p) => `auto:${p}`), ...models, ...Object.keys(setup.aliases)]
}
