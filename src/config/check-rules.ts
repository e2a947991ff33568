import { durationMs } from '../policy/duration.js'
import { inHours } from '../policy/match-rule.js'
import type { Range, Rule, When } from '../policy/types.js'

interface DeadRule {
  readonly index: number
  readonly why: string
}

/** Rules that can never apply: their condition contradicts itself, or an earlier rule matches every call they would match. */
export function findDeadRules(rules: readonly Rule[]): readonly DeadRule[] {
  return rules.flatMap((rule, index): DeadRule[] => {
    const why = contradiction(rule.when)
    if (why !== null) return [{ index, why }]
    const earlier = rules.findIndex((other, i) => i < index && contradiction(other.when) === null && covers(other.when, rule.when))
    return earlier < 0 ? [] : [{ index, why: `${labelOf(rules, earlier)} already takes every call it would take` }]
  })
}

/** Name of a rule as explanations show it. */
export function labelOf(rules: readonly Rule[], index: number): string {
  return rules[index]?.name ?? `rule ${index + 1}`
}

const DOMAINS = {
  difficulty: { least: 0, most: 1, whole: false },
  inputTokens: { least: 0, most: Number.POSITIVE_INFINITY, whole: true },
  tools: { least: 0, most: Number.POSITIVE_INFINITY, whole: true },
  turn: { least: 1, most: Number.POSITIVE_INFINITY, whole: true },
  budgetLeft: { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY, whole: false },
} as const

function contradiction(when: When): string | null {
  for (const [key, domain] of Object.entries(DOMAINS) as [keyof typeof DOMAINS, (typeof DOMAINS)[keyof typeof DOMAINS]][]) {
    const range = when[key]
    if (range !== undefined && isEmptyRange(range, domain)) return `no value of ${key} meets ${JSON.stringify(range)}`
  }
  if (when.hours !== undefined && new Set(when.hours.split('-').map(Number)).size === 1) return `'${when.hours}' is no time at all`
  const none = when.tools !== undefined && containsRange(0, when.tools)
  if (none && when.toolNames !== undefined) return 'it asks for named tools and for no tools at once'
  if (none && when.needs !== undefined && list(when.needs).every((need) => need === 'tools' || need === 'parallel-tools'))
    return 'it asks for a need of tools and for no tools at once'
  return null
}

/** True when every call that matches `inner` matches `outer`. */
function covers(outer: When, inner: When): boolean {
  return (Object.keys(outer) as (keyof When)[]).every(
    (key) => outer[key] === undefined || (inner[key] !== undefined && coversKey(key, outer, inner)),
  )
}

function coversKey(key: keyof When, outer: When, inner: When): boolean {
  switch (key) {
    case 'difficulty':
    case 'inputTokens':
    case 'tools':
    case 'budgetLeft':
    case 'turn':
      return containsRange(outer[key]!, inner[key]!)
    case 'task':
    case 'complexity':
    case 'needs':
    case 'language':
    case 'tier':
    case 'tags':
      return list<string>(inner[key] ?? []).every((value) => list<string>(outer[key] ?? []).includes(value))
    case 'toolNames':
    case 'client':
      return list(inner[key] ?? []).every((value) => list(outer[key] ?? []).some((pattern) => coversName(pattern, value)))
    case 'deadline':
      return (durationMs(outer.deadline ?? '') ?? Number.POSITIVE_INFINITY) <= (durationMs(inner.deadline ?? '') ?? 0)
    case 'hours':
      return coversHours(outer.hours ?? '', inner.hours ?? '')
    case 'prompt':
    case 'side':
      return outer[key] === inner[key]
    default:
      return key satisfies never
  }
}

function list<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === 'string' ? [value] : value
}

/** Rules use whole hours, so each hour of a day is checked. */
function coversHours(outer: string, inner: string): boolean {
  const within = (hours: string, hour: number) => inHours(hours, hour * 3_600_000, 0)
  return Array.from({ length: 24 }, (_, hour) => hour).every((hour) => !within(inner, hour) || within(outer, hour))
}

function coversName(outer: string, inner: string): boolean {
  return outer === inner || (outer.endsWith('*') && inner.replace(/\*$/, '').startsWith(outer.slice(0, -1)))
}

interface Interval {
  readonly from: number
  readonly to: number
  readonly openFrom: boolean
  readonly openTo: boolean
}

function toInterval(range: Range): Interval {
  if (typeof range === 'number') return { from: range, to: range, openFrom: false, openTo: false }
  const {
    gt = Number.NEGATIVE_INFINITY,
    gte = Number.NEGATIVE_INFINITY,
    lt = Number.POSITIVE_INFINITY,
    lte = Number.POSITIVE_INFINITY,
  } = range
  return { from: Math.max(gt, gte), to: Math.min(lt, lte), openFrom: gt >= gte, openTo: lt <= lte }
}

/** True when no number of the domain lies in the range; for `whole` numbers there is none between 5 and 6. */
export function isEmptyRange(range: Range, domain: { readonly least: number; readonly most: number; readonly whole: boolean }): boolean {
  const { from, to, openFrom, openTo } = toInterval(range)
  if (domain.whole) {
    const first = Math.max(domain.least, openFrom ? Math.floor(from) + 1 : Math.ceil(from))
    const last = Math.min(domain.most, openTo ? Math.ceil(to) - 1 : Math.floor(to))
    return first > last
  }
  const low = Math.max(from, domain.least)
  const high = Math.min(to, domain.most)
  return low > high || (low === high && ((openFrom && low === from) || (openTo && high === to)))
}

/** True when every number in `inner` is in `outer`. */
export function containsRange(outer: Range, inner: Range): boolean {
  const a = toInterval(outer)
  const b = toInterval(inner)
  const from = a.from < b.from || (a.from === b.from && (!a.openFrom || b.openFrom))
  const to = a.to > b.to || (a.to === b.to && (!a.openTo || b.openTo))
  return from && to
}
