import { matchModel } from '../catalog/index.js'
import { DEFAULT_MIN_QUALITY, PROFILE_DEFAULTS, type Preset, READY_MADE } from '../policy/presets.js'
import type { ResolvedPolicy, Rule, Strategy, SwitchedProfile } from '../policy/types.js'
import { flattenProfiles, type Profile } from './profile-settings.js'
import type { Config } from './schema/config.js'

/** Every profile that a call may name, including ready-made ones, completely resolved. */
export function resolvePolicies(config: Config, pool: readonly string[]): Readonly<Record<string, ResolvedPolicy>> {
  const flat = flattenProfiles(config)
  return Object.fromEntries([...flat.keys()].map((name) => [name, resolve(name, config, flat, pool)]))
}

/** How a profile compares candidates, and its floor: a strategy has its own idea of good enough and needs none. */
function compareBy(name: string, profile: Profile): Preset {
  const base = READY_MADE[profile.extends ?? name] ?? READY_MADE.balanced!
  const strategy = strategyOf(profile)
  if (strategy === null) return { strategy: base.strategy, floor: profile.floor ?? base.floor }
  return { strategy, floor: profile.floor ?? (strategy.kind === 'weights' ? base.floor : 0) }
}

function strategyOf(profile: Profile): Strategy | null {
  if (profile.weights) return { kind: 'weights', weights: profile.weights }
  const kind = profile.strategy ?? (profile.minQuality === undefined ? null : 'cheapest')
  if (kind === null) return null
  return kind === 'cheapest' ? { kind, minQuality: profile.minQuality ?? DEFAULT_MIN_QUALITY } : { kind }
}

function resolve(name: string, config: Config, flat: ReadonlyMap<string, Profile>, pool: readonly string[]): ResolvedPolicy {
  const profile = flat.get(name) ?? {}
  const spell = poolSpelling(pool)
  const rules = [...(profile.rules ?? []), ...config.rules].map((rule) => spellRule(rule, spell))
  const baseline = profile.baseline ?? config.baseline
  const simulated = pool.length > 0 && pool.every((id) => id.startsWith('sandbox/'))
  // Simulated models replace whatever models the configuration names.
  const poolOf = ({ models }: Profile) => (models && !simulated ? inPoolOrder(models.map(spell), pool) : pool)
  const { ladder, cascade, timeouts, exploration, experiment, shadow } = profile
  const d = PROFILE_DEFAULTS
  return {
    name,
    ...compareBy(name, profile),
    rules,
    profiles: switchable(rules, experiment, flat, (other) => inPoolOrder(poolOf(other), poolOf(profile))),
    pool: poolOf(profile),
    baseline: baseline === undefined || simulated ? null : spell(baseline),
    chainLength: profile.fallbacks === undefined ? d.chainLength : profile.fallbacks + 1,
    pinned: profile.pinned ?? d.pinned,
    cacheAware: profile.cacheAware ?? d.cacheAware,
    expectedTurnsLeft: profile.expectedTurnsLeft ?? d.expectedTurnsLeft,
    ladder: ladder === undefined ? d.ladder : { ...d.ladder, ...(typeof ladder === 'boolean' ? { enabled: ladder } : ladder) },
    cascade: cascadeOf(cascade, spell),
    exploration: { rate: exploration?.rate ?? d.exploration.rate, margin: exploration?.margin ?? d.exploration.margin },
    experiment: experimentOf(experiment, spell),
    ...(shadow ? { shadow: { ...shadow, model: spell(shadow.model) } } : {}),
    ...(profile.switchPrefix ? { switchPrefix: true } : {}),
    timeouts: {
      totalMs: timeouts?.total ?? d.timeouts.totalMs,
      connectMs: timeouts?.connect ?? d.timeouts.connectMs,
      firstByteMs: timeouts?.firstByte ?? d.timeouts.firstByteMs,
      idleMs: timeouts?.idle ?? d.timeouts.idleMs,
    },
    afterSend: profile.afterSend ?? d.afterSend,
    limits: { budgetAction: profile.budgetAction ?? strictestAction(config.budgets, name) ?? d.limits.budgetAction },
  }
}

const STRICTEST = ['block', 'downgrade', 'clamp'] as const

/** A budget of the configuration says what happens where the profile does not; those that only warn enforce nothing. */
function strictestAction(budgets: Config['budgets'], profile: string): (typeof STRICTEST)[number] | undefined {
  const applying = budgets.filter(({ scope }) => !scope.startsWith('profile:') || scope === `profile:${profile}`)
  return STRICTEST.find((action) => applying.some((budget) => budget.action === action))
}

function inPoolOrder(models: readonly string[], pool: readonly string[]): readonly string[] {
  return pool.filter((id) => models.includes(id))
}

function experimentOf(experiment: Profile['experiment'], spell: Spell): ResolvedPolicy['experiment'] {
  if (experiment === undefined) return null
  const { name, salt = name, arms, guard } = experiment
  const resolved = arms.map(({ profile, model, share }) => {
    if (model === undefined) return { profile: profile!, share }
    return { profile: spell(model), model: spell(model), share }
  })
  return { name, salt, arms: resolved, ...(guard ? { guard } : {}) }
}

function cascadeOf(cascade: Profile['cascade'], spell: Spell): ResolvedPolicy['cascade'] {
  const base = PROFILE_DEFAULTS.cascade
  if (cascade === undefined) return base
  if (typeof cascade === 'boolean') return { ...base, enabled: cascade }
  const { enabled, threshold, hold, judge } = cascade
  return {
    enabled,
    threshold: threshold ?? base.threshold,
    holdMs: hold ?? base.holdMs,
    ...(judge ? { judge: { ...judge, model: spell(judge.model) } } : {}),
  }
}

/** The profiles that this one's rules and experiment name. `shared`: the models of another that this one may use too. */
function switchable(
  rules: readonly Rule[],
  experiment: Profile['experiment'],
  flat: ReadonlyMap<string, Profile>,
  shared: (other: Profile) => readonly string[],
): ResolvedPolicy['profiles'] {
  const used = rules.flatMap((rule) => rule.use ?? []).filter((use) => use.startsWith('profile:'))
  const targets = [...used.map((use) => use.slice('profile:'.length)), ...(experiment?.arms ?? []).flatMap((arm) => arm.profile ?? [])]
  const taken = (target: string): SwitchedProfile => {
    const profile = flat.get(target) ?? {}
    const models = profile.models === undefined ? [] : shared(profile)
    return { ...compareBy(target, profile), ...(models.length === 0 ? null : { models }) }
  }
  return Object.fromEntries([...new Set(targets)].map((target) => [target, taken(target)]))
}

/** The pool's spelling of a model named in the configuration; a name the pool does not know stays unchanged. */
export type Spell = (name: string) => string

/** Matching by the pool's rules for names: dots, dashes, dates and case are ignored, another model never matches. */
export function poolSpelling(pool: readonly string[]): Spell {
  const models = pool.map((id) => ({ id, cost: null }))
  return (name) => matchModel(name, models)?.id ?? name
}

export function spellRule(rule: Rule, spell: Spell): Rule {
  const { use } = rule
  if (use === undefined) return rule
  const one = (name: string): string => (name.startsWith('profile:') ? name : spell(name))
  return { ...rule, use: typeof use === 'string' ? one(use) : use.map(one) }
}
