import { cacheable } from '../expect-cost.js'
import { stepLadder } from '../ladder.js'
import { countArm } from './arms.js'
import { release, reserve } from './budgets.js'
import { countHit, slotOf, touchCaches, warmPrefix } from './caches.js'
import type { Decided, Settled, StateEvent } from './events.js'
import { expire, SESSION_TTL_MS } from './forget.js'
import { findDeepest } from './prefix-spans.js'
import type { Place, SessionState, State } from './state.js'

function newSession(key: string, atMs: number): SessionState {
  return { key, turn: 0, returns: 0, lastModel: null, leftModels: [], ladder: null, arm: null, touchedMs: atMs, queuedMs: atMs }
}

/** A session as of `atMs`; null for a new or expired one. */
export function sessionAt(state: State, id: string, atMs: number): SessionState | null {
  const session = state.sessions.get(id)
  return session === undefined || session.touchedMs <= atMs - SESSION_TTL_MS ? null : session
}

function foldSession(state: State, event: Decided, id: string): void {
  let session = sessionAt(state, id, event.atMs)
  if (session === null) {
    session = newSession(id, event.atMs)
    state.sessions.delete(id)
    state.sessions.set(id, session)
  }
  const { ladder } = event.policy
  session.turn += 1
  session.touchedMs = event.atMs
  session.arm = event.arm ?? session.arm
  if (!ladder.enabled || event.mode === 'pinned') return
  const { rung, evidence, seen, userTurns } = stepLadder(session.ladder, event.trajectory, ladder)
  session.ladder = { rung, evidence, seen, userTurns }
}

/** A prefix too short to be cached is not expected to be read: that it was not says nothing of the model's cache. */
function expectedWarm(state: State, event: Decided, place: Place | null): number {
  const { chosen } = event
  if (chosen === null || place === null || chosen.cache.mode === 'none') return 0
  const tokens = warmPrefix(place, slotOf(state, chosen.account, chosen.id), event.atMs)?.tokens ?? 0
  return cacheable(Math.round(tokens * chosen.tokenizerRatio), chosen.cache) === 0 ? 0 : tokens
}

function foldDecided(state: State, event: Decided): void {
  expire(state, event.atMs)
  const place = findDeepest(state, event.leaf)
  state.pending.set(event.call, {
    atMs: event.atMs,
    session: event.session,
    leaf: event.leaf,
    place,
    breakpoints: event.breakpoints,
    chosen: event.chosen?.id ?? null,
    experiment: event.mode === 'pinned' ? null : (event.policy.experiment?.name ?? null),
    arm: event.arm,
    expectedWarm: expectedWarm(state, event, place),
    reservations: event.reservations,
  })
  for (const r of event.reservations) reserve(state, r.scope, r.amount, event.atMs)
  if (event.session !== null) foldSession(state, event, event.session)
}

function foldModel(session: SessionState, model: string): void {
  const { lastModel, leftModels } = session
  if (lastModel === model) return
  if (leftModels.includes(model)) session.returns += 1
  if (lastModel !== null && !leftModels.includes(lastModel)) leftModels.push(lastModel)
  session.lastModel = model
}

function foldSettled(state: State, event: Settled): void {
  const pending = state.pending.get(event.call)
  if (pending === undefined) return
  state.pending.delete(event.call)
  for (const r of pending.reservations) {
    // A call in flight when its process died may have been billed: its whole reservation counts as spent, as in the ledger.
    const spent = event.status === 'interrupted' ? r.amount : (event.cost ?? 0)
    release(state, r.scope, r.amount, spent, event.atMs)
  }
  if (pending.experiment !== null) countArm(state, pending.experiment, pending.arm, event)
  const { model } = event
  if (model === null || event.status === 'error' || event.status === 'interrupted') return
  const { leaf, place, breakpoints, expectedWarm } = pending
  if (leaf !== null) {
    if (expectedWarm > 0 && event.cacheReadTokens !== null && pending.chosen === model.id) {
      countHit(slotOf(state, model.account, model.id), Math.min(1, event.cacheReadTokens / (expectedWarm * model.tokenizerRatio)))
    }
    touchCaches(state, { leaf, place, breakpoints }, model, event.atMs, (event.cacheWrite1hTokens ?? 0) > 0)
  }
  const session = pending.session === null ? undefined : state.sessions.get(pending.session)
  if (session === undefined) return
  foldModel(session, model.id)
}

/**
 * The state after an event. Changes `state` in place and returns it: use the returned value only. Events come in order of `seq`;
 * one of an unknown call is ignored, so a log may start anywhere.
 */
export function fold(state: State, event: StateEvent): State {
  switch (event.type) {
    case 'decided':
      foldDecided(state, event)
      break
    case 'settled':
      foldSettled(state, event)
      break
  }
  return state
}
