import { abilityForTask, type ModelRev, type Rates, withoutTier } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import { type Pico, remembered } from '../kit/index.js'
import {
  type DecideInput,
  emptyLearned,
  type ModelState,
  modelStates,
  type Preset,
  type ResolvedPolicy,
  type Strategy,
} from '../policy/index.js'
import { withDeadline } from './with-deadline.js'

/** An alternative in plain words, which can be sent to another thread and made again there. */
export type AlternativeSpec =
  | { readonly kind: 'as-logged' }
  | { readonly kind: 'preset'; readonly name: string; readonly preset: Preset }
  | { readonly kind: 'strategy'; readonly name: string; readonly strategy: Strategy; readonly floor: number }
  | {
      readonly kind: 'policies'
      readonly name: string
      readonly policies: Readonly<Record<string, ResolvedPolicy>>
      readonly fallback: ResolvedPolicy
      readonly pool: readonly ModelRev[]
    }
  | { readonly kind: 'models'; readonly base: AlternativeSpec; readonly models: readonly string[] }
  | { readonly kind: 'without'; readonly base: AlternativeSpec; readonly names: readonly string[] }
  | { readonly kind: 'price'; readonly base: AlternativeSpec; readonly model: string; readonly input: Pico; readonly output: Pico }
  | { readonly kind: 'added'; readonly base: AlternativeSpec; readonly rev: ModelRev }
  | { readonly kind: 'deadline'; readonly base: AlternativeSpec; readonly deadlineMs: number }

export function alternativeOf(spec: AlternativeSpec): Alternative {
  switch (spec.kind) {
    case 'as-logged':
      return asLogged()
    case 'preset':
      return withPreset(spec.name, spec.preset)
    case 'strategy':
      return withStrategy(spec.name, spec.strategy, spec.floor)
    case 'policies':
      return withPolicies(spec.name, spec.policies, spec.fallback, spec.pool)
    case 'models':
      return withModels(alternativeOf(spec.base), spec.models)
    case 'without':
      return withoutProviders(alternativeOf(spec.base), spec.names)
    case 'price':
      return withPrice(alternativeOf(spec.base), spec.model, spec.input, spec.output)
    case 'added':
      return withModel(alternativeOf(spec.base), spec.rev)
    case 'deadline':
      return withDeadline(alternativeOf(spec.base), spec.deadlineMs)
  }
}

/** Another policy: what would have replaced a call's own. Values must be the same object for the same policy. */
export interface Alternative {
  readonly name: string
  /** Null for a policy made of functions: it is replayed in the thread that has it. */
  readonly spec: AlternativeSpec | null
  /** The policy that this call would have been decided under. */
  policyFor(input: DecideInput, profile: string): ResolvedPolicy
  /** The models as they would have been; the recorded ones when absent. */
  modelsFor?(input: DecideInput): readonly ModelState[]
  /** The models at the prices asked about; absent where none is. They hold for every call, also those that are not decided again. */
  priced?(models: readonly ModelState[]): readonly ModelState[]
  /** A deadline that the call would have had; null: unchanged. */
  deadlineFor?(input: DecideInput): number | null
}

/** The policies that were live: the check of the log decides under these. */
export function asLogged(): Alternative {
  return { name: 'as logged', spec: { kind: 'as-logged' }, policyFor: (input) => input.policy }
}

/** Every policy of the log with a part replaced. */
function replacing(name: string, spec: AlternativeSpec, replace: (policy: ResolvedPolicy) => ResolvedPolicy): Alternative {
  const replaced = remembered(replace)
  return { name, spec, policyFor: ({ policy }) => replaced(policy) }
}

/** A preset in place of every profile's way of comparing; rules, pool and limits stay. A call that was under the preset is unchanged. */
export function withPreset(name: string, preset: Preset): Alternative {
  return replacing(name, { kind: 'preset', name, preset }, (policy) => (policy.name === name ? policy : { ...policy, name, ...preset }))
}

/** Weights or a strategy given by hand. */
export function withStrategy(name: string, strategy: Strategy, floor: number): Alternative {
  return replacing(name, { kind: 'strategy', name, strategy, floor }, (policy) => ({ ...policy, name, strategy, floor }))
}

/** Policies of another configuration, by profile; a call of a profile that it does not have gets its default. Its models are added as the catalog knows them. */
export function withPolicies(
  name: string,
  policies: Readonly<Record<string, ResolvedPolicy>>,
  fallback: ResolvedPolicy,
  pool: readonly ModelRev[],
): Alternative {
  const chat = pool.filter((rev) => rev.kind === 'chat')
  return {
    name,
    spec: { kind: 'policies', name, policies, fallback, pool },
    policyFor: (_input, profile) => policies[profile] ?? fallback,
    modelsFor(input) {
      const { models } = input
      const missing = chat.filter((rev) => !models.some((m) => m.rev.id === rev.id))
      return [...models.filter((m) => pool.some((rev) => rev.id === withoutTier(m.rev.id))), ...statesFromCatalog(missing, input.signals)]
    },
  }
}

/** Only these models of the pool. */
export function withModels(base: Alternative, models: readonly string[]): Alternative {
  return narrowed(
    base,
    `${base.name}, only ${models.join(', ')}`,
    onTop(base, (own) => ({ kind: 'models', base: own, models })),
    (id) => models.includes(id),
  )
}

/** The pool without some providers or models. */
export function withoutProviders(base: Alternative, names: readonly string[]): Alternative {
  return narrowed(
    base,
    `${base.name}, without ${names.join(', ')}`,
    onTop(base, (own) => ({ kind: 'without', base: own, names })),
    (id) => !names.some((name) => id === name || id.startsWith(`${name}/`)),
  )
}

function onTop(base: Alternative, make: (own: AlternativeSpec) => AlternativeSpec): AlternativeSpec | null {
  return base.spec === null ? null : make(base.spec)
}

function narrowed(base: Alternative, name: string, spec: AlternativeSpec | null, keep: (id: string) => boolean): Alternative {
  const narrow = remembered((policy: ResolvedPolicy) => ({ ...policy, pool: policy.pool.filter(keep) }))
  return {
    ...base,
    name,
    spec,
    policyFor: (input, profile) => narrow(base.policyFor(input, profile)),
    modelsFor: (input) => (base.modelsFor?.(input) ?? input.models).filter((m) => keep(withoutTier(m.rev.id))),
  }
}

/**
 * As if a model's tokens cost something else; cached ones, and those of its batch and flex tiers, keep their share of the price. Given the
 * id of a tier, `openai/gpt-5@flex`, only that one changes.
 */
export function withPrice(base: Alternative, model: string, input: Pico, output: Pico): Alternative {
  const repriced = remembered((rev: ModelRev) => atPrice(rev, input, output))
  const tierLike = remembered((own: ModelRev) =>
    remembered((rev: ModelRev): ModelRev => ({ ...rev, rates: (rev.tier === 'batch' ? own.batchRates : own.flexRates) ?? rev.rates })),
  )
  const change = (models: readonly ModelState[]): readonly ModelState[] => {
    const own = models.find((m) => m.rev.id === model)?.rev
    if (own === undefined) return models
    return models.map((m) =>
      m.rev === own ? { ...m, rev: repriced(own) } : m.rev.of === model ? { ...m, rev: tierLike(repriced(own))(m.rev) } : m,
    )
  }
  return {
    ...base,
    name: `${base.name}, ${model} repriced`,
    spec: onTop(base, (own) => ({ kind: 'price', base: own, model, input, output })),
    modelsFor: (call) => change(base.modelsFor?.(call) ?? call.models),
    priced: (models) => change(base.priced?.(models) ?? models),
  }
}

function atPrice(rev: ModelRev, input: Pico, output: Pico): ModelRev {
  const { rates } = rev
  if (rates === null || rates.input === null || rates.input === 0) {
    const cached = { cacheRead: input, cacheWrite5m: input, cacheWrite1h: input }
    return { ...rev, rates: { ...cached, input, output, reasoning: null, perCall: 0 } }
  }
  const [before, after] = [rates.input, rates.output]
  const scaled = (rate: Pico | null, by: Pico, from: Pico | null): Pico | null =>
    rate === null || !from ? null : Math.round((rate * by) / from)
  const atShare = (of: Rates): Rates => ({
    input: scaled(of.input, input, before),
    output: scaled(of.output, output, after),
    cacheRead: scaled(of.cacheRead, input, before),
    cacheWrite5m: scaled(of.cacheWrite5m, input, before),
    cacheWrite1h: scaled(of.cacheWrite1h, input, before),
    reasoning: null,
    perCall: of.perCall,
  })
  const { batchRates, flexRates } = rev
  return {
    ...rev,
    rates: { ...atShare(rates), output },
    batchRates: batchRates && atShare(batchRates),
    flexRates: flexRates && atShare(flexRates),
  }
}

/** With one more model in every pool. */
export function withModel(base: Alternative, rev: ModelRev): Alternative {
  const widened = remembered((policy: ResolvedPolicy) => ({ ...policy, pool: [...policy.pool, rev.id] }))
  return {
    ...base,
    name: base.spec?.kind === 'as-logged' ? `add ${rev.id}` : `${base.name}, with ${rev.id}`,
    spec: onTop(base, (own) => ({ kind: 'added', base: own, rev })),
    policyFor: (input, profile) => widened(base.policyFor(input, profile)),
    modelsFor: (input) => [...(base.modelsFor?.(input) ?? input.models), ...statesFromCatalog([rev], input.signals)],
  }
}

/** One object for all calls, since what follows from it is remembered by object. */
const NOTHING_LEARNED = emptyLearned()

/** Expectations of models from the catalog alone: nothing was measured of them here. */
export function statesFromCatalog(models: readonly ModelRev[], signals: Signals): readonly ModelState[] {
  const withImages = signals.needs.includes('vision')
  return modelStates(
    NOTHING_LEARNED,
    signals,
    models.map((rev) => ({ rev, breaker: 'closed', quotaLeft: null, ability: abilityForTask(rev, signals.task, withImages) })),
  )
}
