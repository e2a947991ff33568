import type { Range } from '../policy/types.js'

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
