import type { PrefixLink, ServedBy } from './events.js'
import { insertChain, type Place } from './prefix-spans.js'
import type { Mark, Span, State } from './state.js'

/** Breakpoints remembered a span and model: the first ones matter to other sessions, the last ones to this one. */
const MOST_POINTS = 48
const HOUR_MS = 3_600_000

/** The longest warm ancestor: its digest, its tokens, until when. */
export interface WarmPrefix {
  readonly digest: string
  readonly tokens: number
  readonly untilMs: number
}

function markOf(span: Span, account: string, model: string): Mark | null {
  for (const mark of span.marks) if (mark.model === model && mark.account === account) return mark
  return null
}

/** Deepest prefix of a span, at or above `depth`, that the mark covers; -1 when none. */
function coveredDepth(mark: Mark, depth: number): number {
  if (mark.points === null) return Math.min(mark.depth, depth)
  for (let i = mark.points.length - 1; i >= 0; i--) if (mark.points[i]! <= depth) return mark.points[i]!
  return -1
}

/** The longest prefix at or above a place that is warm at an account and model. */
export function warmPrefix(place: Place, account: string, model: string, atMs: number): WarmPrefix | null {
  let depth = place.depth
  for (let span: Span | null = place.span; span !== null; span = span.parent) {
    const mark = markOf(span, account, model)
    if (mark !== null && mark.untilMs > atMs) {
      const covered = coveredDepth(mark, depth)
      if (covered >= span.start) {
        const i = covered - span.start
        return { digest: span.digests[i]!, tokens: span.tokens[i]!, untilMs: mark.untilMs }
      }
    }
    depth = span.start - 1
  }
  return null
}

function addPoints(points: number[], breakpoints: readonly number[], from: number, to: number): void {
  for (const p of breakpoints) {
    if (p < from || p > to || points.includes(p)) continue
    const last = points.at(-1)
    points.push(p)
    if (last !== undefined && last > p) points.sort((a, b) => a - b)
  }
  if (points.length > MOST_POINTS) points.splice(4, points.length - MOST_POINTS)
}

/** Marks one span warm up to `depth`. What a mark no longer holds at `atMs` is replaced, not lengthened. */
function touchSpan(span: Span, model: ServedBy, breakpoints: readonly number[] | null, depth: number, atMs: number, untilMs: number): void {
  let mark = markOf(span, model.account, model.id)
  if (mark === null) {
    mark = { account: model.account, model: model.id, points: breakpoints === null ? null : [], depth: -1, untilMs: 0 }
    span.marks.push(mark)
  } else if (mark.untilMs <= atMs) {
    mark.depth = -1
    mark.points = breakpoints === null ? null : []
  }
  if (depth > mark.depth) mark.depth = depth
  if (mark.points !== null && breakpoints !== null) addPoints(mark.points, breakpoints, span.start, depth)
  if (untilMs > mark.untilMs) mark.untilMs = untilMs
}

/** After a model has read a prompt: what its provider now holds of it. Reading refreshes every prefix above. */
export function touchCaches(
  state: State,
  leaf: PrefixLink,
  breakpoints: readonly number[],
  model: ServedBy,
  atMs: number,
  longWrite: boolean,
): void {
  const { mode, ttlMs } = model.cache
  if (mode === 'none') return
  const explicit = mode === 'explicit'
  if (explicit && breakpoints.length === 0) return
  const untilMs = atMs + (longWrite ? Math.max(ttlMs, HOUR_MS) : ttlMs)
  const deepest = explicit ? Math.max(...breakpoints) : leaf.depth
  for (let span: Span | null = insertChain(state, leaf, atMs); span !== null; span = span.parent) {
    const end = Math.min(deepest, span.start + span.digests.length - 1)
    if (end >= span.start) touchSpan(span, model, explicit ? breakpoints : null, end, atMs, untilMs)
    span.touchedMs = atMs
    state.spans.delete(span)
    state.spans.add(span)
  }
}
