import { usdFromNano } from '../kit/index.js'
import { leftOf } from './budget.js'
import { durationMs } from './duration.js'
import type { DecideInput, Range, Rule, When } from './types.js'

/** What conditions can test: everything but the candidates, which may depend on the rule. */
export type Conditions = Omit<DecideInput, 'models' | 'draws'>

/** True when the number lies within the bounds. */
export function inRange(value: number, range: Range): boolean {
  if (typeof range === 'number') return value === range
  return (
    (range.gt === undefined || value > range.gt) &&
    (range.gte === undefined || value >= range.gte) &&
    (range.lt === undefined || value < range.lt) &&
    (range.lte === undefined || value <= range.lte)
  )
}

function isOneOf<T extends string>(value: T, wanted: T | readonly T[]): boolean {
  return typeof wanted === 'string' ? value === wanted : wanted.includes(value)
}

function sharesOne<T extends string>(values: readonly T[], wanted: T | readonly T[]): boolean {
  return typeof wanted === 'string' ? values.includes(wanted) : wanted.some((w) => values.includes(w))
}

/** Names match completely, or by prefix when the wanted one ends in `*`. */
function nameMatches(name: string, wanted: string): boolean {
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted
}

function anyName(names: readonly string[], wanted: string | readonly string[]): boolean {
  const list = typeof wanted === 'string' ? [wanted] : wanted
  return list.some((w) => names.some((n) => nameMatches(n, w)))
}

/** `'9-17'` is from 9:00 until 17:00 local time; `'22-6'` runs over midnight. */
export function inHours(hours: string, atMs: number, tzMin: number): boolean {
  const [from, to] = hours.split('-').map(Number)
  if (from === undefined || to === undefined) return false
  const hour = Math.floor((((atMs / 60_000 + tzMin) % 1440) + 1440) % 1440) / 60
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to
}

/** True when every given condition holds; a list in a condition matches if any of its entries does. */
function matches(when: When, input: Conditions): boolean {
  const { signals } = input
  return (
    (when.task === undefined || isOneOf(signals.task, when.task)) &&
    (when.complexity === undefined || isOneOf(signals.complexity, when.complexity)) &&
    (when.difficulty === undefined || inRange(signals.difficulty.p, when.difficulty)) &&
    (when.inputTokens === undefined || inRange(signals.inputTokens, when.inputTokens)) &&
    (when.tools === undefined || inRange(signals.tools.count, when.tools)) &&
    (when.toolNames === undefined || anyName(signals.tools.names, when.toolNames)) &&
    (when.needs === undefined || sharesOne(signals.needs, when.needs)) &&
    (when.language === undefined || isOneOf(signals.language, when.language)) &&
    (when.tier === undefined || (input.tier !== null && isOneOf(input.tier, when.tier))) &&
    (when.tags === undefined || sharesOne(input.tags, when.tags)) &&
    (when.client === undefined || anyName([input.client, input.client.split('/')[0] ?? ''], when.client)) &&
    (when.hours === undefined || inHours(when.hours, input.atMs, input.tzMin)) &&
    (when.budgetLeft === undefined || inRange(usdFromNano(leftOf(input.endogenous.budgets)), when.budgetLeft)) &&
    (when.turn === undefined || inRange(input.endogenous.turn + 1, when.turn)) &&
    (when.prompt === undefined || signals.regex[when.prompt] === true) &&
    (when.side === undefined || (signals.sideKind !== null && signals.sideKind !== 'embedding') === when.side) &&
    (when.deadline === undefined || (input.deadlineMs !== null && input.deadlineMs >= (durationMs(when.deadline) ?? Number.NaN)))
  )
}

/** The first rule that matches, with its place. */
export function firstMatch(rules: readonly Rule[], input: Conditions): { readonly rule: Rule; readonly index: number } | null {
  for (let index = 0; index < rules.length; index++) {
    const rule = rules[index]!
    if (matches(rule.when, input)) return { rule, index }
  }
  return null
}
