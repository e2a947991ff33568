import type { z } from 'zod'
import { Fault } from '../kit/index.js'
import { describeIssue } from './describe-issue.js'
import { findUnknownProfiles } from './find-unknown-profiles.js'
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
