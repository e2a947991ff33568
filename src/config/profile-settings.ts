import { READY_MADE } from '../policy/presets.js'
import type { Config } from './schema/config.js'

export type Profile = Config['profiles'][string]

/** Every profile by name, ready-made ones included, each laid over all it extends. */
export function flattenProfiles(config: Config): ReadonlyMap<string, Profile> {
  const names = new Set([...Object.keys(READY_MADE), ...Object.keys(config.profiles)])
  return new Map([...names].map((name) => [name, flatten(name, config)]))
}

/** A profile laid over all it extends. What replaces weights also replaces a strategy, and the other way round. */
function flatten(name: string, config: Config): Profile {
  const own = config.profiles[name]
  if (own === undefined) return {}
  const parent = own.extends ?? (name in READY_MADE ? name : 'balanced')
  const base: Profile = parent === name || !(parent in config.profiles) ? { extends: parent } : flatten(parent, config)
  const compares = own.weights !== undefined || own.strategy !== undefined || own.minQuality !== undefined
  const { weights: _w, strategy: _s, minQuality: _m, ...rest } = base
  return {
    ...(compares ? rest : base),
    ...own,
    extends: base.extends ?? parent,
    rules: [...(own.rules ?? []), ...(base.rules ?? [])],
  }
}

/** A profile's settings outside a decision's policy. */
interface ProfileSettings {
  /** Calls may wait this long, milliseconds; null: they are answered now. */
  readonly deadlineMs: number | null
  /** What happens to lines that a batch did not finish. */
  readonly expired: 'live' | 'report'
}

/** By profile name, ready-made ones included. */
export function profileSettings(config: Config): Readonly<Record<string, ProfileSettings>> {
  const entries = [...flattenProfiles(config)].map(
    ([name, { deadline = null, expired = config.batch.expired }]): [string, ProfileSettings] => [name, { deadlineMs: deadline, expired }],
  )
  return Object.fromEntries(entries)
}
