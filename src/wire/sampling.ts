import type { Sampling } from '../canonical/index.js'
import type { Json } from './json.js'

/** A sampling setting in one format: its neutral name, the field's name, and how that is read. */
export type SamplingField = readonly [name: keyof Sampling, field: string, read: (value: unknown, param: string) => unknown]

/** `path` stands before the fields' names in errors. */
export function readSampling(settings: Json, fields: readonly SamplingField[], path = ''): Sampling {
  const sampling: Record<string, unknown> = {}
  for (const [name, field, read] of fields) {
    const value = read(settings[field], path + field)
    if (value !== undefined) sampling[name] = value
  }
  return sampling
}

export function writeSampling(sampling: Partial<Record<keyof Sampling, unknown>>, fields: readonly SamplingField[]): Json {
  const written: Record<string, unknown> = {}
  for (const [name, field] of fields) if (sampling[name] !== undefined) written[field] = sampling[name]
  return written
}
