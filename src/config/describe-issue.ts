import type { z } from 'zod'
import { didYouMean } from '../catalog/index.js'
import { keysAt } from './schema/outline.js'

type Issue = z.core.$ZodIssue

export interface Complaint {
  /** `profiles.code.minQuality`, `models[2].id`. */
  readonly path: string
  /** `models[2].id: found 5, expected a string`. */
  readonly text: string
  readonly hint?: string
}

/** One problem of a configuration in words: where, what was found, what was expected. */
export function describeIssue(issue: Issue, root: unknown, base: readonly PropertyKey[] = []): Complaint {
  const path = [...base, ...issue.path]
  if (issue.code === 'invalid_union') {
    const inner = bestBranch(issue.errors)
    if (inner) return describeIssue(inner, root, path)
    return complaint(path, root, unionExpected(issue))
  }
  if (issue.code === 'unrecognized_keys') return unknownKey(issue.keys, path)
  return complaint(path, root, expected(issue))
}

/** The branch of a union that the value came closest to: the one whose problem lies deepest, or is no mistake of kind. */
function bestBranch(branches: readonly (readonly Issue[])[]): Issue | null {
  const reach = (issues: readonly Issue[]): number =>
    Math.max(...issues.map(({ path, code }) => 2 * path.length + (code === 'invalid_type' || code === 'invalid_value' ? 0 : 1)))
  const candidates = branches
    .filter((issues) => issues.length > 0 && reach(issues) > 0)
    .sort((a, b) => reach(b) - reach(a) || a.length - b.length)
  return candidates[0]?.[0] ?? null
}

function unionExpected(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const kinds = issue.errors.flatMap((issues) => issues.map(expected))
  return kinds.length > 0 ? [...new Set(kinds)].join(' or ') : 'something else'
}

function expected(issue: Issue): string {
  // A setting's own words say more than the kind of check that it failed.
  if (issue.message.startsWith('expected ')) return issue.message.slice('expected '.length)
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? `a ${issue.expected}`
    case 'invalid_value':
      return issue.values.length === 1 ? JSON.stringify(issue.values[0]) : `one of ${issue.values.map((v) => JSON.stringify(v)).join(', ')}`
    case 'too_small':
      if (issue.origin === 'string') return 'text that is not empty'
      return `${issue.origin === 'array' ? 'a list of ' : ''}${issue.inclusive ? 'at least' : 'more than'} ${String(issue.minimum)}`
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${String(issue.maximum)}`
    case 'invalid_format':
      return `text in the form of ${issue.format === 'regex' ? String(issue.pattern) : issue.format}`
    case 'invalid_key':
      return issue.issues.map(expected).join(' and ')
    default:
      return issue.message
  }
}

/** Kinds of value that people have another word for. */
const KINDS: Readonly<Record<string, string>> = { object: 'an object', record: 'an object', array: 'a list', int: 'an integer' }

/** Values below these keys are never shown. */
const SECRETS: ReadonlySet<PropertyKey> = new Set(['apiKey', 'key', 'token', 'headers'])

function complaint(path: readonly PropertyKey[], root: unknown, wanted: string): Complaint {
  const at = dotted(path)
  return {
    path: at,
    text: `${at}: found ${path.some((key) => SECRETS.has(key)) ? 'a value that is kept secret' : shown(valueAt(root, path))}, expected ${wanted}`,
  }
}

function unknownKey(keys: readonly string[], path: readonly PropertyKey[]): Complaint {
  const key = keys[0] ?? ''
  const at = dotted([...path, key])
  const known = keysAt(path)
  const text = `${at}: found an unknown key, expected one of ${known.join(', ')}`
  const above = path.slice(0, -1)
  const outside = keysAt(above).includes(key) ? `It belongs one level up: ${dotted([...above, key])}.` : null
  return { path: at, text, hint: outside ?? didYouMean(key, known) ?? 'Remove it; docs/configuration.md says what each key does.' }
}

function dotted(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return text.replace(/^\./, '') || 'the whole file'
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root
  for (const key of path) value = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined
  return value
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function') return 'a function'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
