import type { PrefixLink } from './events.js'
import type { Mark, Span, State } from './state.js'

/** The deepest node of a chain that is known, as its span and its depth. */
export interface Place {
  readonly span: Span
  readonly depth: number
}

function isNodeOf(span: Span | undefined, depth: number): span is Span {
  return span !== undefined && depth >= span.start && depth < span.start + span.digests.length
}

/** Looks from the leaf upwards, so a conversation that goes on is found within a step or two. */
export function findDeepest(state: State, leaf: PrefixLink | null): Place | null {
  for (let link = leaf; link !== null; link = link.parent) {
    const span = state.nodes.get(link.digest)
    if (isNodeOf(span, link.depth)) return { span, depth: link.depth }
  }
  return null
}

function upTo(mark: Mark, depth: number): Mark {
  const points = mark.points === null ? null : mark.points.filter((p) => p <= depth)
  return { ...mark, points, depth: Math.min(mark.depth, depth) }
}

function below(mark: Mark, depth: number): Mark {
  return mark.points === null ? mark : { ...mark, points: mark.points.filter((p) => p > depth) }
}

/** Splits a span after `depth`: the nodes up to there become a span of their own above it. The old object keeps the rest, and its children. */
function splitAfter(state: State, span: Span, depth: number): Span {
  const keep = depth - span.start + 1
  const top: Span = {
    parent: span.parent,
    start: span.start,
    digests: span.digests.slice(0, keep),
    tokens: span.tokens.slice(0, keep),
    marks: span.marks.map((m) => upTo(m, depth)),
    children: 1,
    touchedMs: span.touchedMs,
  }
  for (const digest of top.digests) state.nodes.set(digest, top)
  span.parent = top
  span.start = depth + 1
  span.digests = span.digests.slice(keep)
  span.tokens = span.tokens.slice(keep)
  span.marks = span.marks.filter((m) => m.depth > depth).map((m) => below(m, depth))
  state.spans.add(top)
  return top
}

/** Makes every node of a chain known, and returns the span that the leaf ends. */
export function insertChain(state: State, leaf: PrefixLink, atMs: number): Span {
  const fresh: PrefixLink[] = []
  let link: PrefixLink | null = leaf
  let found: Span | undefined
  for (; link !== null; link = link.parent) {
    found = state.nodes.get(link.digest)
    if (isNodeOf(found, link.depth)) break
    found = undefined
    fresh.push(link)
  }
  let span = found ?? null
  if (span !== null && link !== null && link.depth < span.start + span.digests.length - 1) span = splitAfter(state, span, link.depth)
  if (fresh.length === 0) return span!
  if (span === null || span.children > 0) {
    const child: Span = { parent: span, start: fresh.at(-1)!.depth, digests: [], tokens: [], marks: [], children: 0, touchedMs: atMs }
    if (span !== null) span.children++
    span = child
    state.spans.add(child)
  }
  for (let i = fresh.length - 1; i >= 0; i--) {
    const node = fresh[i]!
    span.digests.push(node.digest)
    span.tokens.push(node.refTokens)
    state.nodes.set(node.digest, span)
  }
  return span
}

/** Forgets a span that has no children: its nodes are unknown again. */
export function dropSpan(state: State, span: Span): void {
  for (const digest of span.digests) if (state.nodes.get(digest) === span) state.nodes.delete(digest)
  if (span.parent !== null) span.parent.children--
  state.spans.delete(span)
}
