import { entry, HOUR_MS } from '../../kit/index.js'
import { PRIOR_HIT } from '../expect-cost.js'
import type { PrefixLink, ServedBy } from './events.js'
import { insertChain } from './prefix-spans.js'
import type { Mark, Place, Slot, Span, State } from './state.js'

/** Observations that the prior hit probability counts as. */
const PRIOR_STRENGTH = 4
/** Share of old observations kept at each new one: the last fifty or so matter. */
const KEEP = 0.98

/** The slot of a model at an account; made when it is first asked for. */
export function slotOf(state: State, account: string, model: string): Slot {
  const byModel = entry(state.slots, account, () => new Map<string, Slot>())
  return entry(byModel, model, () => ({ account, model, found: 0, expected: 0 }))
}

/** Probability that a prefix believed warm is really read, from what the provider has reported here. Rounded to 1e-6. */
export function hitProbability(slot: Slot): number {
  return Math.round((1e6 * (slot.found + PRIOR_HIT * PRIOR_STRENGTH)) / (slot.expected + PRIOR_STRENGTH)) / 1e6
}

/** Counts one expectation: `share` of the expected tokens were reported as read from the cache, 0 to 1. */
export function countHit(slot: Slot, share: number): void {
  slot.found = slot.found * KEEP + share
  slot.expected = slot.expected * KEEP + 1
}

/** Breakpoints remembered a span and slot: the first few matter to other sessions, the last ones to this one. */
const MOST_POINTS = 48
const FIRST_POINTS = 4

function markOf(span: Span, slot: Slot): Mark | null {
  for (const mark of span.marks) if (mark.slot === slot) return mark
  return null
}

/** Deepest prefix of a span, at or above `depth`, that the mark covers; -1 when none. */
function coveredDepth(mark: Mark, depth: number): number {
  if (mark.points === null) return Math.min(mark.depth, depth)
  for (let i = mark.points.length - 1; i >= 0; i--) if (mark.points[i]! <= depth) return mark.points[i]!
  return -1
}

/** The longest prefix at or above a place that is warm in a slot, and until when. */
export function warmPrefix(place: Place, slot: Slot, atMs: number) {
  let depth = place.depth
  for (let span: Span | null = place.span; span !== null; span = span.parent) {
    const mark = markOf(span, slot)
    if (mark !== null && mark.untilMs > atMs) {
      const covered = coveredDepth(mark, depth)
      if (covered >= span.start) {
        const i = covered - span.start
        return { digest: span.digests[i]!, depth: covered, tokens: span.tokens[i]!, untilMs: mark.untilMs }
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
  if (points.length > MOST_POINTS) points.splice(FIRST_POINTS, points.length - MOST_POINTS)
}

/** Marks one span warm up to `depth`. A mark that has expired at `atMs` is replaced, not extended. */
function touchSpan(span: Span, slot: Slot, breakpoints: readonly number[] | null, depth: number, atMs: number, untilMs: number): void {
  let mark = markOf(span, slot)
  if (mark === null) {
    mark = { slot, points: breakpoints === null ? null : [], depth: -1, untilMs: 0 }
    span.marks.push(mark)
  } else if (mark.untilMs <= atMs) {
    mark.depth = -1
    mark.points = breakpoints === null ? null : []
  }
  if (depth > mark.depth) mark.depth = depth
  if (mark.points !== null && breakpoints !== null) addPoints(mark.points, breakpoints, span.start, depth)
  if (untilMs > mark.untilMs) mark.untilMs = untilMs
}

interface Prompt {
  readonly leaf: PrefixLink
  /** Where the chain was last seen to branch off from known prefixes. */
  readonly place: Place | null
  readonly breakpoints: readonly number[]
}

/** After a model has read a prompt: what its provider now holds of it. Reading refreshes every prefix above. */
export function touchCaches(state: State, prompt: Prompt, model: ServedBy, atMs: number, longWrite: boolean): void {
  const { mode, ttlMs } = model.cache
  const { leaf, breakpoints } = prompt
  const explicit = mode === 'explicit'
  if (mode === 'none' || (explicit && breakpoints.length === 0)) return
  const slot = slotOf(state, model.account, model.id)
  const untilMs = atMs + (longWrite ? Math.max(ttlMs, HOUR_MS) : ttlMs)
  const deepest = explicit ? Math.max(...breakpoints) : leaf.depth
  for (let span: Span | null = insertChain(state, leaf, prompt.place, atMs); span !== null; span = span.parent) {
    const end = Math.min(deepest, span.start + span.digests.length - 1)
    if (end >= span.start) touchSpan(span, slot, explicit ? breakpoints : null, end, atMs, untilMs)
    span.touchedMs = atMs
  }
}
