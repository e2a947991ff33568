import { stepLadder } from '../step-ladder.js'
import { release, reserve } from './budgets.js'
import { touchCaches, warmPrefix } from './caches.js'
import type { Decided, Settled, StateEvent } from './events.js'
import { expire, SESSION_TTL_MS } from './expire.js'
import { countHit } from './hits.js'
import { findDeepest } from './prefix-spans.js'
import type { SessionState, State } from './state.js'

const NEW_SESSION: Omit<SessionState, 'atMs'> = { turn: 0, lastModel: null, ladder: null, arm: null }

/** A session as it stands at `atMs`; one that has expired is a new one. */
export function sessionAt(state: State, id: string, atMs: number): Readonly<SessionState> | null {
  const session = state.sessions.get(id)
  return session === undefined || session.atMs <= atMs - SESSION_TTL_MS ? null : session
}

function foldSession(state: State, event: Decided, id: string): void {
  const session: SessionState = sessionAt(state, id, event.atMs) ?? { ...NEW_SESSION, atMs: event.atMs }
  const { ladder } = event.policy
  session.turn += 1
  session.atMs = event.atMs
  session.arm = event.arm ?? session.arm
  if (ladder.enabled && event.mode !== 'pinned') {
    const { rung, evidence, seen, userTurns } = stepLadder(session.ladder, event.trajectory, ladder)
    session.ladder = { rung, evidence, seen, userTurns }
  }
  state.sessions.delete(id)
  state.sessions.set(id, session)
}

function expectedWarm(state: State, event: Decided): number {
  if (event.chosen === null || event.leaf === null || event.chosen.cache.mode === 'none') return 0
  const place = findDeepest(state, event.leaf)
  return place === null ? 0 : (warmPrefix(place, event.chosen.account, event.chosen.id, event.atMs)?.tokens ?? 0)
}

function foldDecided(state: State, event: Decided): void {
  expire(state, event.atMs)
  state.pending.set(event.call, {
    atMs: event.atMs,
    session: event.session,
    leaf: event.leaf,
    breakpoints: event.breakpoints,
    chosen: event.chosen?.id ?? null,
    expectedWarm: expectedWarm(state, event),
    reservations: event.reservations,
  })
  for (const r of event.reservations) reserve(state, r.scope, r.amount, event.atMs)
  if (event.session !== null) foldSession(state, event, event.session)
}

function foldSettled(state: State, event: Settled): void {
  const pending = state.pending.get(event.call)
  if (pending === undefined) return
  state.pending.delete(event.call)
  for (const r of pending.reservations) release(state, r.scope, r.amount, event.cost ?? 0, event.atMs)
  const { model } = event
  if (model === null || event.status === 'error' || event.status === 'interrupted') return
  if (pending.leaf !== null) {
    if (pending.expectedWarm > 0 && event.cacheReadTokens !== null && pending.chosen === model.id) {
      const expected = pending.expectedWarm * model.tokenizerRatio
      countHit(state, model.account, model.id, Math.min(1, event.cacheReadTokens / expected))
    }
    touchCaches(state, pending.leaf, pending.breakpoints, model, event.atMs, (event.cacheWrite1hTokens ?? 0) > 0)
  }
  const session = pending.session === null ? undefined : state.sessions.get(pending.session)
  if (session !== undefined) session.lastModel = model.id
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
    case 'outcome':
      break
  }
  return state
}
