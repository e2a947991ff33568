import type { BudgetState, Endogenous, LadderState, ModelState, Warm } from '../types.js'
import {
  finish,
  getByte,
  getDigest,
  getMaybe,
  getNumber,
  getText,
  getVarint,
  newSink,
  putByte,
  putDigest,
  putMaybe,
  putNumber,
  putText,
  putVarint,
  type Sink,
  type Source,
} from './bytes.js'

const OTHER = 255

/** A model by its place in the input, or by name where it is not one of the pool. */
export function putModel(sink: Sink, id: string, models: readonly ModelState[]): void {
  let index = 0
  while (index < models.length && models[index]!.rev.id !== id) index++
  if (index < models.length && index < OTHER) {
    putByte(sink, index)
    return
  }
  putByte(sink, OTHER)
  putText(sink, id)
}

export function getModel(source: Source, models: readonly ModelState[]): string {
  const index = getByte(source)
  return index === OTHER ? getText(source) : models[index]!.rev.id
}

function putWarm(sink: Sink, w: Warm, models: readonly ModelState[]): void {
  putModel(sink, w.model, models)
  const known = models.find((m) => m.rev.id === w.model)
  putMaybe(sink, known?.rev.account === w.account ? null : w.account, putText)
  putDigest(sink, w.prefix)
  putVarint(sink, w.tokens)
  putNumber(sink, w.untilMs)
  putNumber(sink, w.hit)
}

function getWarm(source: Source, models: readonly ModelState[]): Warm {
  const model = getModel(source, models)
  const account = getMaybe(source, getText) ?? models.find((m) => m.rev.id === model)!.rev.account
  return { account, model, prefix: getDigest(source), tokens: getVarint(source), untilMs: getNumber(source), hit: getNumber(source) }
}

function putLadder(sink: Sink, l: LadderState): void {
  putVarint(sink, l.rung)
  putNumber(sink, l.evidence)
  putNumber(sink, l.seen)
  putVarint(sink, l.userTurns)
}

function getLadder(source: Source): LadderState {
  return { rung: getVarint(source), evidence: getNumber(source), seen: getNumber(source), userTurns: getVarint(source) }
}

function putBudget(sink: Sink, b: BudgetState): void {
  putText(sink, b.scope)
  putNumber(sink, b.spent)
  putNumber(sink, b.reserved)
  putNumber(sink, b.limit)
}

function getBudget(source: Source): BudgetState {
  return { scope: getText(source), spent: getNumber(source), reserved: getNumber(source), limit: getNumber(source) }
}

const NO_WARM: readonly Warm[] = []
const NO_BUDGETS: readonly BudgetState[] = []

function getList<T>(source: Source, none: readonly T[], get: () => T): readonly T[] {
  const n = getVarint(source)
  if (n === 0) return none
  const list: T[] = []
  for (let i = 0; i < n; i++) list.push(get())
  return list
}

export function putEndogenous(sink: Sink, e: Endogenous, models: readonly ModelState[]): void {
  putVarint(sink, e.warm.length)
  for (const w of e.warm) putWarm(sink, w, models)
  putMaybe(sink, e.ladder, putLadder)
  putMaybe(sink, e.openLoop, (to, id) => putModel(to, id, models))
  putMaybe(sink, e.lastModel, (to, id) => putModel(to, id, models))
  putVarint(sink, e.turn)
  putMaybe(sink, e.stickyArm, putText)
  putVarint(sink, e.budgets.length)
  for (const b of e.budgets) putBudget(sink, b)
}

export function getEndogenous(source: Source, models: readonly ModelState[]): Endogenous {
  return {
    warm: getList(source, NO_WARM, () => getWarm(source, models)),
    ladder: getMaybe(source, getLadder),
    openLoop: getMaybe(source, (from) => getModel(from, models)),
    lastModel: getMaybe(source, (from) => getModel(from, models)),
    turn: getVarint(source),
    stickyArm: getMaybe(source, getText),
    budgets: getList(source, NO_BUDGETS, () => getBudget(source)),
  }
}

const sink = newSink()

/** Two 32-bit multiply-and-xor hashes over the bytes, after MurmurHash3's mixing: enough to tell states apart, not to resist forgery. */
function hash64(bytes: Uint8Array, length: number): string {
  let a = 0x9747b28c
  let b = 0x2f90404f
  for (let i = 0; i < length; i++) {
    a = Math.imul(a ^ bytes[i]!, 0x85ebca6b)
    a ^= a >>> 15
    b = Math.imul(b ^ bytes[i]!, 0xc2b2ae35)
    b ^= b >>> 13
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0')
}

/** What RECORD calls `stateHash`: 16 hex digits that are equal for equal endogenous state. */
export function stateHash(endogenous: Endogenous): string {
  sink.at = 0
  putEndogenous(sink, endogenous, [])
  return hash64(sink.bytes, sink.at)
}

/** The same bytes that stateHash() hashes, for a comparison without hashing. */
export function endogenousBytes(endogenous: Endogenous): Uint8Array {
  sink.at = 0
  putEndogenous(sink, endogenous, [])
  return finish(sink)
}
