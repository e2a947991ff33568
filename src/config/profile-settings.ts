import { flattenProfiles, type Profile } from './flatten-profiles.js'
import type { Config } from './schema/config.js'

/** By profile name, ready-made ones included. */
export function profileSettings(config: Config): Readonly<Record<string, ReturnType<typeof settingsOf>>> {
  return Object.fromEntries([...flattenProfiles(config)].map(([name, profile]) => [name, settingsOf(profile, config)]))
}

/** A profile's settings outside a decision's policy: which other models are asked, how long calls can wait, what may be spent. */
function settingsOf({ deadline, expired, budget, shadow, experiment, switchPrefix }: Profile, { batch }: Config) {
  return {
    /** Calls may wait this long, milliseconds; null: they are answered now. */
    deadlineMs: deadline ?? null,
    /** What happens to lines that a batch did not finish. */
    expired: expired ?? batch.expired,
    budget: budget ?? null,
    shadow: shadow ?? null,
    /** When the experiment is stopped. */
    guard: experiment?.guard ?? null,
    /** A leading `/max` switches the conversation to the best model. */
    switchPrefix: switchPrefix ?? false,
  }
}
