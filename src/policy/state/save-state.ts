import { Fault } from '../../kit/index.js'
import { slotOf } from './caches.js'
import { linkPrefixes, type PrefixLink } from './events.js'
import { findDeepest } from './prefix-spans.js'
import { type ArmSum, type BudgetSum, emptyState, type Pending, type SessionState, type Slot, type Span, type State } from './state.js'

const FORMAT = 1

interface SavedMark {
  readonly slot: number
  readonly points: readonly number[] | null
  readonly depth: number
  readonly untilMs: number
}

interface SavedSpan extends Omit<Span, 'parent' | 'marks'> {
  readonly parent: number
  readonly marks: readonly SavedMark[]
}

interface SavedPending extends Omit<Pending, 'leaf' | 'place'> {
  readonly call: string
  /** Digest and tokens of every node, the envelope first. */
  readonly chain: readonly (readonly [digest: string, refTokens: number])[]
}

interface Saved {
  readonly format: number
  readonly decisions: number
  readonly slots: readonly Slot[]
  readonly spans: readonly SavedSpan[]
  readonly sessions: readonly SessionState[]
  readonly pending: readonly SavedPending[]
  readonly budgets: readonly BudgetSum[]
  readonly arms: readonly (readonly [experiment: string, arms: readonly (readonly [arm: string, sum: ArmSum])[]])[]
}

function chainOf(leaf: PrefixLink | null): SavedPending['chain'] {
  const chain: [string, number][] = []
  for (let link = leaf; link !== null; link = link.parent) chain.push([link.digest, link.refTokens])
  return chain.reverse()
}

/** The state as JSON: `prune` writes it where the log will start from then on, and a what-if snapshot is copied from it. */
export function saveState(state: State): string {
  const slots = [...state.slots.values()].flatMap((byModel) => [...byModel.values()])
  const slotNumbers = new Map(slots.map((slot, i) => [slot, i]))
  const spans = [...state.spans]
  const spanNumbers = new Map(spans.map((span, i) => [span, i]))
  const saved: Saved = {
    format: FORMAT,
    decisions: state.decisions,
    slots,
    spans: spans.map((span) => ({
      ...span,
      parent: span.parent === null ? -1 : spanNumbers.get(span.parent)!,
      marks: span.marks.map((m) => ({ ...m, slot: slotNumbers.get(m.slot)! })),
    })),
    sessions: [...state.sessions.values()],
    pending: [...state.pending].map(([call, { leaf, place: _place, ...rest }]) => ({ ...rest, call, chain: chainOf(leaf) })),
    budgets: [...state.budgets.values()],
    arms: [...state.arms].map(([experiment, arms]) => [experiment, [...arms]]),
  }
  return JSON.stringify(saved)
}

/** The state of saveState(), which folds on exactly as the original would. Throws E_LEDGER for another format. */
export function loadState(json: string): State {
  const saved = JSON.parse(json) as Saved
  if (saved.format !== FORMAT) {
    throw new Fault('E_LEDGER', `a checkpoint has format ${saved.format}, this program reads ${FORMAT}`, { hint: 'use a newer llmroute' })
  }
  const state = emptyState()
  state.decisions = saved.decisions
  const slots = saved.slots.map((s) => Object.assign(slotOf(state, s.account, s.model), { found: s.found, expected: s.expected }))
  const spans = saved.spans.map(
    (s): Span => ({
      ...s,
      parent: null,
      marks: s.marks.map((m) => ({ ...m, points: m.points === null ? null : [...m.points], slot: slots[m.slot]! })),
    }),
  )
  for (const [i, span] of spans.entries()) {
    const { parent } = saved.spans[i]!
    span.parent = parent < 0 ? null : spans[parent]!
    for (const digest of span.digests) state.nodes.set(digest, span)
    state.spans.add(span)
  }
  for (const session of saved.sessions) state.sessions.set(session.key, session)
  for (const { call, chain, ...rest } of saved.pending) {
    const leaf = linkPrefixes(chain.map(([digest, refTokens]) => ({ digest, refTokens })))
    state.pending.set(call, { ...rest, leaf, place: findDeepest(state, leaf) })
  }
  for (const sum of saved.budgets) state.budgets.set(sum.key, sum)
  for (const [experiment, arms] of saved.arms) state.arms.set(experiment, new Map(arms))
  return state
}
