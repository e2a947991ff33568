import type { Endogenous } from '../types.js'

/**
 * Two lanes of multiply-and-xor over texts and doubles (the mixing of MurmurHash3): enough to distinguish states, not to resist forgery.
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

/** FNV-1a over the first `most` characters. */
function hashStart(text: string, most: number): number {
  let hash = 0x811c9dc5
  const end = text.length < most ? text.length : most
  for (let i = 0; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash ^ text.length
}

/** Hashes of names, which are few and come back with every call. */
const names = new Map<string, number>()

function mixName(name: string | null): void {
  if (name === null) {
    mix(-1)
    return
  }
  let hash = names.get(name)
  if (hash === undefined) {
    if (names.size > 4096) names.clear()
    hash = hashStart(name, Number.POSITIVE_INFINITY)
    names.set(name, hash)
  }
  mix(hash)
}

/** Half of a digest is enough to distinguish it. */
const DIGEST_CHARACTERS = 16

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** By table: toString(16) of a number beyond 31 bits is a slow one. */
function hex(word: number): string {
  return HEX[word >>> 24]! + HEX[(word >>> 16) & 255]! + HEX[(word >>> 8) & 255]! + HEX[word & 255]!
}

function mixAll(e: Endogenous): void {
  a = 0x9747b28c
  b = 0x2f90404f
  mix(e.warm.length)
  for (const w of e.warm) {
    mixName(w.account)
    mixName(w.model)
    mix(hashStart(w.prefix, DIGEST_CHARACTERS))
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
  mixName(e.openLoop)
  mixName(e.lastModel)
  mix(e.turn)
  mix(e.returns)
  mixName(e.stickyArm)
  mix(e.budgets.length)
  for (const budget of e.budgets) {
    mixName(budget.scope)
    mixNumber(budget.spent)
    mixNumber(budget.reserved)
    mixNumber(budget.limit)
  }
  if (e.stoppedArms !== undefined) for (const arm of e.stoppedArms) mixName(arm)
}

/** The `state_hash` of a stored decision: 16 hex digits, equal for equal endogenous state. */
export function stateHash(endogenous: Endogenous): string {
  mixAll(endogenous)
  return hex(a) + hex(b)
}
