import type { z } from 'zod'
import { didYouMean } from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import { READY_MADE } from '../policy/presets.js'
import type { Rule } from '../policy/types.js'
import { type Complaint, describeIssue } from './describe-issue.js'
import { type Config, configSchema } from './schema/config.js'

/** Checks what a file exported and fills in defaults. Throws E_CONFIG naming the path, what was found and what was expected. */
export function validateConfig(value: unknown, file: string | null): Config {
  const found = dropUndefined(value)
  const result = configSchema.safeParse(found)
  const complaints = result.success
    ? findUnknownProfiles(result.data)
    : result.error.issues.map((issue) => describeIssue(issue as z.core.$ZodIssue, found))
  if (result.success && complaints.length === 0) return result.data
  const where = file ?? 'the configuration'
  const first = complaints[0]
  const more =
    complaints.length > 1
      ? ` (and ${complaints.length - 1} more: ${complaints
          .slice(1)
          .map((c) => c.text)
          .join('; ')})`
      : ''
  throw new Fault('E_CONFIG', `${where}: ${first?.text ?? 'invalid'}${more}`, {
    hint: first?.hint ?? 'Correct the file and run `llmroute config check`.',
    ...(first ? { param: first.path } : {}),
  })
}

/** A key set to undefined is a key left out. */
function dropUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropUndefined)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(kept.map(([key, inner]) => [key, dropUndefined(inner)]))
}

type Named = readonly [path: string, profile: string]

/** Rules about profiles that a schema cannot express: a profile does not exist, or extends itself. */
export function findUnknownProfiles(config: Config): readonly Complaint[] {
  const known = [...new Set([...Object.keys(READY_MADE), ...Object.keys(config.profiles)])]
  const unknown = namedIn(config).filter(([, name]) => !known.includes(name))
  return [...unknown.map(([path, name]) => complain(path, name, known)), ...circles(config)]
}

function complain(path: string, name: string, known: readonly string[]): Complaint {
  const guess = didYouMean(name, known)
  const hint = `${guess === null ? '' : `${guess} `}Profiles are ${known.join(', ')}.`
  return { path, text: `${path}: found '${name}', expected a profile`, hint }
}

function namedIn(config: Config): readonly Named[] {
  const own = Object.entries(config.profiles).flatMap(([name, { extends: parent, rules = [], experiment }]): Named[] => [
    ...(parent === undefined ? [] : [[`profiles.${name}.extends`, parent] as const]),
    ...namedByRules(`profiles.${name}.rules`, rules),
    ...(experiment?.arms ?? []).flatMap(({ profile }, i): Named[] =>
      profile === undefined ? [] : [[`profiles.${name}.experiment.arms[${i}].profile`, profile]],
    ),
  ])
  return [['default', config.default], ...namedByRules('rules', config.rules), ...own]
}

function namedByRules(path: string, rules: readonly Rule[]): readonly Named[] {
  return rules.flatMap(({ use = [] }, i) =>
    [use].flat().flatMap((name): Named[] => (name.startsWith('profile:') ? [[`${path}[${i}].use`, name.slice('profile:'.length)]] : [])),
  )
}

/** A ready-made profile's name may be its own parent's: it is changed, not replaced. */
function circles({ profiles }: Config): readonly Complaint[] {
  const parentOf = (name: string): string | null => {
    const parent = profiles[name]?.extends ?? null
    return parent === null || !(parent in profiles) || (parent === name && name in READY_MADE) ? null : parent
  }
  return Object.keys(profiles).flatMap((name) => {
    const trail = [name]
    for (let at = parentOf(name); at !== null && !trail.slice(1).includes(at); at = parentOf(at)) {
      trail.push(at)
      if (at === name) break
    }
    if (trail.length === 1 || trail.at(-1) !== name) return []
    const path = `profiles.${name}.extends`
    return [{ path, text: `${path}: found a circle (${trail.join(' → ')}), expected a profile that does not extend this one` }]
  })
}
