import type { DecideInput, Preset, ResolvedPolicy, Strategy } from '../policy/index.js'

/** Another policy: what would have been in a call's place of its policy. Nothing else of the input changes. */
export interface Alternative {
  readonly name: string
  /** The policy that this call would have been decided under. Must give the same object for the same policy. */
  policyFor(input: DecideInput, profile: string): ResolvedPolicy
}

/** The policies that were live: what the check of the log decides under. */
export function asLogged(): Alternative {
  return { name: 'as logged', policyFor: (input) => input.policy }
}

/** Every policy of the log with this part replaced, made once a policy. */
function replacing(name: string, replace: (policy: ResolvedPolicy) => ResolvedPolicy): Alternative {
  const made = new Map<ResolvedPolicy, ResolvedPolicy>()
  return {
    name,
    policyFor({ policy }) {
      let other = made.get(policy)
      if (other === undefined) {
        other = replace(policy)
        made.set(policy, other)
      }
      return other
    },
  }
}

/** A preset in place of every profile's way of comparing; rules, pool and limits stay. A call that was under the preset stays as it was. */
export function withPreset(name: string, preset: Preset): Alternative {
  return replacing(name, (policy) => (policy.name === name ? policy : { ...policy, name, ...preset }))
}

/** Weights or a strategy given by hand; with a floor of 0 unless one is given. */
export function withStrategy(name: string, strategy: Strategy, floor: number): Alternative {
  return replacing(name, (policy) => ({ ...policy, name, strategy, floor }))
}

/** Policies of another configuration, by profile; a call of a profile that it does not have gets its default. */
export function withPolicies(name: string, policies: Readonly<Record<string, ResolvedPolicy>>, fallback: ResolvedPolicy): Alternative {
  return { name, policyFor: (_input, profile) => policies[profile] ?? fallback }
}

/** Only these models of the pool. */
export function withModels(base: Alternative, models: readonly string[]): Alternative {
  return narrowed(base, `${base.name}, models ${models.join(', ')}`, (id) => models.includes(id))
}

/** The pool without some providers. */
export function withoutProviders(base: Alternative, providers: readonly string[]): Alternative {
  return narrowed(base, `${base.name}, without ${providers.join(', ')}`, (id) => !providers.some((p) => id === p || id.startsWith(`${p}/`)))
}

function narrowed(base: Alternative, name: string, keep: (id: string) => boolean): Alternative {
  const made = new Map<ResolvedPolicy, ResolvedPolicy>()
  return {
    name,
    policyFor(input, profile) {
      const policy = base.policyFor(input, profile)
      let narrow = made.get(policy)
      if (narrow === undefined) {
        narrow = { ...policy, pool: policy.pool.filter(keep) }
        made.set(policy, narrow)
      }
      return narrow
    },
  }
}
