import type { Endogenous } from '../types.js'

/**
 * Two lanes of multiply-and-xor over texts and doubles (the mixing of MurmurHash3): enough to tell states apart, not to resist forgery.
 * Lanes live in module variables, since hashing runs for every replayed call.
 */
let a = 0
let b = 0
const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)

function mix(word: number): void {
  a = Math.imul(a ^ word, 0x85ebca6b)
  a ^= a >>> 15
  b = Math.imul(b ^ word, 0xc2b2ae35)
  b ^= b >>> 13
}

function mixNumber(x: number): void {
  double[0] = x
  mix(halves[0]!)
  mix(halves[1]!)
}

function mixText(text: string | null): void {
  if (text === null) {
    mix(-1)
    return
  }
  mix(text.length)
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  mix(hash)
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}

function mixAll(e: Endogenous): void {
  a = 0x9747b28c
  b = 0x2f90404f
  mix(e.warm.length)
  for (const w of e.warm) {
    mixText(w.account)
    mixText(w.model)
    mixText(w.prefix)
    mixNumber(w.tokens)
    mixNumber(w.untilMs)
    mixNumber(w.hit)
  }
  const { ladder } = e
  if (ladder === null) mix(-1)
  else {
    mix(ladder.rung)
    mixNumber(ladder.evidence)
    mixNumber(ladder.seen)
    mix(ladder.userTurns)
  }
  mixText(e.openLoop)
  mixText(e.lastModel)
  mix(e.turn)
  mix(e.switches)
  mixText(e.stickyArm)
  mix(e.budgets.length)
  for (const budget of e.budgets) {
    mixText(budget.scope)
    mixNumber(budget.spent)
    mixNumber(budget.reserved)
    mixNumber(budget.limit)
  }
  if (e.stoppedArms !== undefined) for (const arm of e.stoppedArms) mixText(arm)
}

/** What RECORD calls `stateHash`: 16 hex digits, equal for equal endogenous state. */
export function stateHash(endogenous: Endogenous): string {
  mixAll(endogenous)
  return hex(a) + hex(b)
}
