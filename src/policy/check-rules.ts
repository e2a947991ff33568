import { covers, isEmptyRange } from './covers.js'
import { durationMs } from './duration.js'
import type { Range, ResolvedPolicy, Rule, When } from './types.js'

export interface RuleFinding {
  /** Place in the policy's rules, from 0. */
  readonly index: number
  readonly rule: string
  readonly problem: 'never-matches' | 'never-reached' | 'unknown-model' | 'unknown-profile' | 'changes-nothing'
  /** One sentence for people. */
  readonly detail: string
}

type RangeKey = 'difficulty' | 'inputTokens' | 'tools' | 'budgetLeft' | 'turn'

const DOMAINS: Readonly<Record<RangeKey, { readonly least: number; readonly most: number; readonly whole: boolean }>> = {
  difficulty: { least: 0, most: 1, whole: false },
  inputTokens: { least: 0, most: Number.POSITIVE_INFINITY, whole: true },
  tools: { least: 0, most: Number.POSITIVE_INFINITY, whole: true },
  budgetLeft: { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY, whole: false },
  turn: { least: 1, most: Number.POSITIVE_INFINITY, whole: true },
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'iu')
    return true
  } catch {
    return false
  }
}

function wantsNoTools(tools: Range): boolean {
  return isEmptyRange(tools, 1, Number.POSITIVE_INFINITY, true)
}

/** Why no request can meet a condition; null when one can. */
function impossible(when: When): string | null {
  for (const key of Object.keys(DOMAINS) as RangeKey[]) {
    const range = when[key]
    const { least, most, whole } = DOMAINS[key]
    if (range !== undefined && isEmptyRange(range, least, most, whole)) return `no ${key} lies in ${JSON.stringify(range)}`
  }
  for (const [key, value] of Object.entries(when)) if (Array.isArray(value) && value.length === 0) return `${key} lists nothing`
  if (when.toolNames !== undefined && when.tools !== undefined && wantsNoTools(when.tools)) return 'it wants tool names and no tools'
  if (when.needs === 'tools' && when.tools !== undefined && wantsNoTools(when.tools)) return 'it needs tools and wants none'
  if (when.prompt !== undefined && !isPattern(when.prompt)) return `${when.prompt} is no regular expression`
  if (when.deadline !== undefined && durationMs(when.deadline) === null) return `${when.deadline} is no duration`
  if (when.hours !== undefined) {
    const [from, to] = when.hours.split('-').map(Number)
    if (from === undefined || to === undefined || Number.isNaN(from + to)) return `${when.hours} is no span of hours`
    if (from === to) return `no hour lies in ${when.hours}`
  }
  return null
}

function badUse(rule: Rule, policy: ResolvedPolicy): Pick<RuleFinding, 'problem' | 'detail'> | null {
  const { use, weights, deadline } = rule
  if (deadline !== undefined && durationMs(deadline) === null)
    return { problem: 'changes-nothing', detail: `its deadline ${deadline} is no duration` }
  if (use === undefined) {
    const isIdle = weights === undefined && deadline === undefined
    return isIdle ? { problem: 'changes-nothing', detail: 'it has neither `use` nor `weights` nor `deadline`' } : null
  }
  if (typeof use === 'string' && use.startsWith('profile:')) {
    const name = use.slice('profile:'.length)
    return name in policy.profiles ? null : { problem: 'unknown-profile', detail: `there is no profile ${name}` }
  }
  const missing = (typeof use === 'string' ? [use] : use).filter((id) => !policy.pool.includes(id))
  if (missing.length === 0) return null
  return { problem: 'unknown-model', detail: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in the pool` }
}

/** What is wrong with a policy's rules: those that can never match or are never reached, and those that name what does not exist. */
export function checkRules(policy: ResolvedPolicy): readonly RuleFinding[] {
  const findings: RuleFinding[] = []
  const nameOf = (index: number) => policy.rules[index]!.name ?? `rule ${index + 1}`
  for (const [index, rule] of policy.rules.entries()) {
    const why = impossible(rule.when)
    const before = policy.rules.slice(0, index).findIndex((earlier) => covers(earlier.when, rule.when))
    if (why !== null) findings.push({ index, rule: nameOf(index), problem: 'never-matches', detail: `it can never match: ${why}` })
    else if (before >= 0) {
      const detail = `it is never reached: ${nameOf(before)} matches all that it matches`
      findings.push({ index, rule: nameOf(index), problem: 'never-reached', detail })
    }
    const bad = badUse(rule, policy)
    if (bad !== null) findings.push({ index, rule: nameOf(index), ...bad })
  }
  return findings
}
