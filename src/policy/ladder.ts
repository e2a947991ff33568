import type { Trajectory } from '../classify/types.js'
import type { Candidate } from './candidate.js'
import { estimate } from './estimate.js'
import { outlookOf } from './expect-cost.js'
import { compareCandidates, rank } from './rank.js'
import type { Route } from './resolve-route.js'
import { ruleOutWeak } from './rule-out.js'
import type { DecideInput, LadderMove, LadderSettings, LadderState } from './types.js'
import { vetoOf } from './veto.js'

/** A session that has shown nothing yet. */
const GROUND: LadderState = { rung: 0, evidence: 0, seen: 0, userTurns: 0 }

/** Share of the evidence that a turn without news keeps. */
const KEEP = 0.95
/** Share of points kept after a failing check has passed, or the user has continued without complaint. */
const KEEP_AFTER_SUCCESS = 0.5

/**
 * Evidence that a climb leaves behind: the stronger model gets a fresh chance, but coming down takes more than one success, and that gap is the
 * hysteresis.
 */
function leftAfterClimb(settings: LadderSettings): number {
  return Math.max(0.4 * settings.up, 2.2 * settings.down)
}

interface Sign {
  readonly points: (t: Trajectory) => number
  readonly words: string
}

/**
 * Signs of trouble and their weights. The first of what also happens in normal work is free: a test that fails on purpose, a search that
 * finds nothing, a second look at a file.
 */
const SIGNS: readonly Sign[] = [
  { points: (t) => Math.max(0, t.failedChecks - 1), words: 'checks keep failing' },
  { points: (t) => Math.max(0, t.repeatedCalls - 2), words: 'the same tool call is repeated' },
  { points: (t) => t.malformedCalls, words: 'tool calls are malformed' },
  { points: (t) => 0.25 * Math.max(0, t.sameFileEdits - 4), words: 'one file is edited again and again' },
  { points: (t) => 0.4 * Math.max(0, t.toolErrors - 2), words: 'tools keep failing' },
  { points: (t) => (t.userCorrection ? 2 : 0), words: 'the person corrects the answer' },
  { points: (t) => (t.userRepeat ? 1 : 0), words: 'the person asks again' },
  { points: (t) => (t.emptyAnswer ? 1.5 : 0), words: 'the last answer was empty' },
  { points: (t) => (t.refusal ? 1 : 0), words: 'the last answer was a refusal' },
]

/** All points of trouble in the trajectory; `docs/policy.md` has the table. */
export function troublePoints(t: Trajectory): number {
  let sum = 0
  for (const sign of SIGNS) sum += sign.points(t)
  return Math.round(sum * 100) / 100
}

const NO_WORDS: readonly string[] = []

function wordsOf(t: Trajectory): readonly string[] {
  return SIGNS.map((sign) => ({ words: sign.words, points: sign.points(t) }))
    .filter((s) => s.points > 0)
    .sort((a, b) => b.points - a.points)
    .map((s) => s.words)
}

/**
 * One turn of a session on its ladder. Only trouble that is new since the last turn counts; old evidence decays, faster after a success.
 */
export function stepLadder(before: LadderState | null, t: Trajectory, settings: LadderSettings): LadderMove {
  const from = before ?? GROUND
  const isNewMessage = t.userTurns > from.userTurns
  const points = troublePoints(t)
  const fresh = Math.max(0, points - (isNewMessage ? 0 : from.seen))
  const success = (isNewMessage && from.userTurns > 0 && fresh === 0) || (t.checkRecovered && !t.lastCheckFailed)
  const kept = from.evidence * (success ? KEEP_AFTER_SUCCESS : KEEP)
  const evidence = Math.round((kept + fresh) * 1e6) / 1e6
  const climbs = evidence >= settings.up && from.rung < settings.maxRung
  const descends = !climbs && success && evidence <= settings.down && from.rung > 0
  const moved = climbs ? 1 : descends ? -1 : 0
  return {
    rung: from.rung + moved,
    evidence: climbs ? leftAfterClimb(settings) : evidence,
    seen: points,
    userTurns: t.userTurns,
    moved,
    why: fresh > 0 ? wordsOf(t) : NO_WORDS,
  }
}

/** What this turn does to the session's ladder; null where ladders play no part. */
export function moveLadder(input: Pick<DecideInput, 'policy' | 'mode' | 'signals' | 'endogenous'>): LadderMove | null {
  const { ladder } = input.policy
  if (!ladder.enabled || input.mode === 'pinned' || input.signals.sideKind !== null) return null
  return stepLadder(input.endogenous.ladder, input.signals.trajectory, ladder)
}

/**
 * The ability that a rung requires. Rung 0 is what the policy prefers with cold caches (otherwise the model climbed to would become the new
 * base); each higher rung is the next stronger model for which no other is both stronger and cheaper.
 */
function abilityOfRung(rung: number, candidates: readonly Candidate[], input: DecideInput, route: Route): number | null {
  const cold = estimate(input, { ...outlookOf(input), cacheAware: false, turnsLeft: 0 })
  for (let i = 0; i < cold.length; i++) {
    cold[i]!.veto = candidates[i]!.veto
    cold[i]!.group = candidates[i]!.group
  }
  ruleOutWeak(cold, route, input.pinned)
  rank(cold, route.strategy, input.pinned)
  const eligible = cold.filter((c) => c.veto === null).sort(compareCandidates)
  const ground = eligible[0]
  if (ground === undefined) return null
  const able = cold.filter((c) => candidates[c.index]!.veto === null)
  const above = able
    .filter((c) => c.state.ability > ground.state.ability)
    .filter((c) => !able.some((o) => o.state.ability > c.state.ability && o.comparedCost <= c.comparedCost))
    .map((c) => c.state.ability)
    .sort((a, b) => a - b)
  return above[Math.min(rung, above.length) - 1] ?? null
}

/** Vetoes models weaker than the session's rung requires. */
export function climbLadder(rung: number, candidates: readonly Candidate[], input: DecideInput, route: Route): void {
  if (rung <= 0) return
  const least = abilityOfRung(rung, candidates, input, route)
  if (least === null) return
  for (const c of candidates) if (c.veto === null && c.state.ability < least) c.veto = vetoOf('ladder')
}
