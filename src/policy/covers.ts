import { durationMs } from './duration.js'
import { inHours } from './match-rule.js'
import type { Range, When } from './types.js'

interface Interval {
  readonly low: number
  readonly lowOpen: boolean
  readonly high: number
  readonly highOpen: boolean
}

/** A range as one interval; of `gt` and `gte` together the tighter one counts. */
function intervalOf(range: Range): Interval {
  if (typeof range === 'number') return { low: range, lowOpen: false, high: range, highOpen: false }
  const {
    gt = Number.NEGATIVE_INFINITY,
    gte = Number.NEGATIVE_INFINITY,
    lt = Number.POSITIVE_INFINITY,
    lte = Number.POSITIVE_INFINITY,
  } = range
  return {
    low: Math.max(gt, gte),
    lowOpen: gt >= gte && range.gt !== undefined,
    high: Math.min(lt, lte),
    highOpen: lt <= lte && range.lt !== undefined,
  }
}

/** Whether no number within `least` and `most` lies in the range; whole numbers only where `whole`. */
export function isEmptyRange(range: Range, least: number, most: number, whole: boolean): boolean {
  const i = intervalOf(range)
  const low = whole && i.low !== Number.NEGATIVE_INFINITY ? (i.lowOpen ? Math.floor(i.low) + 1 : Math.ceil(i.low)) : i.low
  const high = whole && i.high !== Number.POSITIVE_INFINITY ? (i.highOpen ? Math.ceil(i.high) - 1 : Math.floor(i.high)) : i.high
  const open = !whole && (i.lowOpen || i.highOpen)
  if (low > high || (low === high && open)) return true
  return high < least || low > most || (!whole && ((high === least && i.highOpen) || (low === most && i.lowOpen)))
}

function rangeCovers(wide: Range, narrow: Range): boolean {
  const w = intervalOf(wide)
  const n = intervalOf(narrow)
  const low = n.low > w.low || (n.low === w.low && (!w.lowOpen || n.lowOpen))
  const high = n.high < w.high || (n.high === w.high && (!w.highOpen || n.highOpen))
  return low && high
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

/** Every word wanted by the narrow condition is wanted by the wide one too, by itself or by a `*` that stands for it. */
function wordsCover(wide: string | readonly string[], narrow: string | readonly string[]): boolean {
  const has = (word: string) => list(wide).some((w) => w === word || (w.endsWith('*') && word.startsWith(w.slice(0, -1))))
  return list(narrow).every(has)
}

const HALF_HOURS = Array.from({ length: 48 }, (_, i) => i * 30)

function hoursCover(wide: string, narrow: string): boolean {
  return HALF_HOURS.every((minute) => !inHours(narrow, minute * 60_000, 0) || inHours(wide, minute * 60_000, 0))
}

/** Whether every request that meets `narrow` in this one condition meets `wide` as well. False when that cannot be told. */
function conditionCovers(key: keyof When, wide: When, narrow: When): boolean {
  if (narrow[key] === undefined) return false
  switch (key) {
    case 'difficulty':
    case 'inputTokens':
    case 'tools':
    case 'budgetLeft':
    case 'turn':
      return rangeCovers(wide[key]!, narrow[key]!)
    case 'task':
    case 'complexity':
    case 'toolNames':
    case 'needs':
    case 'language':
    case 'tier':
    case 'tags':
    case 'client':
      return wordsCover(wide[key]!, narrow[key]!)
    case 'hours':
      return hoursCover(wide.hours!, narrow.hours!)
    case 'deadline':
      return (durationMs(wide.deadline!) ?? Number.NaN) <= (durationMs(narrow.deadline!) ?? Number.NaN)
    case 'prompt':
    case 'side':
      return wide[key] === narrow[key]
  }
}

/** Whether every request that meets `narrow` meets `wide`: then a rule with `narrow` that comes after one with `wide` is never reached. */
export function covers(wide: When, narrow: When): boolean {
  return (Object.keys(wide) as (keyof When)[]).every((key) => wide[key] === undefined || conditionCovers(key, wide, narrow))
}
