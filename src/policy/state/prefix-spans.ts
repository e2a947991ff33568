import type { PrefixLink } from './events.js'
import type { Mark, Place, Span, State } from './state.js'

function holds(span: Span | undefined, depth: number): span is Span {
  return span !== undefined && depth >= span.start && depth < span.start + span.digests.length
}

/** Whether a place found earlier still is one: its span was neither split above it nor dropped. */
function isPlace(place: Place | null): place is Place {
  return place !== null && holds(place.span, place.depth)
}

/** The deepest node of a chain that is known. Looks from the leaf upwards, so a conversation that goes on is found within a step or two. */
export function findDeepest(state: State, leaf: PrefixLink | null): Place | null {
  if (leaf !== null && leaf === state.lastLeaf) return state.lastPlace
  let place: Place | null = null
  for (let link = leaf; link !== null && place === null; link = link.parent) {
    const span = state.nodes.get(link.digest)
    if (holds(span, link.depth)) place = { span, depth: link.depth }
  }
  state.lastLeaf = leaf
  state.lastPlace = place
  return place
}

function upTo(mark: Mark, depth: number): Mark {
  const points = mark.points === null ? null : mark.points.filter((p) => p <= depth)
  return { ...mark, points, depth: Math.min(mark.depth, depth) }
}

function below(mark: Mark, depth: number): Mark {
  return mark.points === null ? mark : { ...mark, points: mark.points.filter((p) => p > depth) }
}

/** Splits a span after `depth`: the nodes up to there become a new span above it. The old object keeps the rest, and its children. */
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
    queuedMs: span.touchedMs,
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

/** Makes every node of a chain known, and returns the span that the leaf ends. `known` is where the chain was last seen to branch off. */
export function insertChain(state: State, leaf: PrefixLink, known: Place | null, atMs: number): Span {
  let place = isPlace(known) ? known : null
  const fresh: PrefixLink[] = []
  const stop = place === null ? -1 : place.depth
  let link: PrefixLink | null = leaf
  for (; link !== null && link.depth > stop; link = link.parent) fresh.push(link)
  // A node is only known with all its ancestors, so the highest one stands for all.
  const highest = fresh.at(-1)
  if (highest !== undefined && holds(state.nodes.get(highest.digest), highest.depth)) {
    state.lastLeaf = null
    place = findDeepest(state, leaf)!
    fresh.length = leaf.depth - place.depth
  }
  state.lastLeaf = null
  return extend(state, place, fresh, atMs)
}

/** Adds nodes, deepest first, below a place. */
function extend(state: State, place: Place | null, fresh: readonly PrefixLink[], atMs: number): Span {
  let span = place?.span ?? null
  if (span !== null && place!.depth < span.start + span.digests.length - 1) span = splitAfter(state, span, place!.depth)
  if (fresh.length === 0) return span!
  if (span === null || span.children > 0) {
    const start = fresh.at(-1)!.depth
    const child: Span = { parent: span, start, digests: [], tokens: [], marks: [], children: 0, touchedMs: atMs, queuedMs: atMs }
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
  span.digests = []
  if (span.parent !== null) span.parent.children--
  state.spans.delete(span)
  state.lastLeaf = null
}
