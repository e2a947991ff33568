import { flattenProfiles } from './flatten-profiles.js'
import type { Config } from './schema/config.js'

type Profile = Config['profiles'][string]

/** A profile's settings outside a decision's policy: which other models are asked, how long calls can wait, what may be spent. */
export interface ProfileSettings {
  /** Calls may wait this long, milliseconds; null: they are answered now. */
  readonly deadlineMs: number | null
  /** What happens to lines that a batch did not finish. */
  readonly expired: 'live' | 'report'
  readonly budget: NonNullable<Profile['budget']> | null
  readonly shadow: NonNullable<Profile['shadow']> | null
  /** When the experiment is stopped. */
  readonly guard: NonNullable<NonNullable<Profile['experiment']>['guard']> | null
  /** A leading `/max` switches the conversation to the best model. */
  readonly switchPrefix: boolean
}

/** By profile name, ready-made ones included. */
export function profileSettings(config: Config): Readonly<Record<string, ProfileSettings>> {
  const entries = [...flattenProfiles(config)].map(([name, profile]): [string, ProfileSettings] => [
    name,
    {
      deadlineMs: profile.deadline ?? null,
      expired: profile.expired ?? config.batch.expired,
      budget: profile.budget ?? null,
      shadow: profile.shadow ?? null,
      guard: profile.experiment?.guard ?? null,
      switchPrefix: profile.switchPrefix ?? false,
    },
  ])
  return Object.fromEntries(entries)
}
