import type { ModelRev } from '../../catalog/types.js'
import { COUNT, getByte, getVarint, packedList, packedRow, putByte, putVarint, type Sink, type Source } from '../../kit/index.js'
import type { BudgetState, Endogenous, LadderState, ModelState, Warm } from '../types.js'
import { DIGEST, getNumber, getText, NUMBER, putNumber, putText, TEXT, TEXTS } from './values.js'

const BY_NAME = 255

function indexOf(models: readonly ModelState[], id: string): number {
  for (let i = 0; i < models.length && i < BY_NAME; i++) if (models[i]!.rev.id === id) return i
  return BY_NAME
}

/** A model by its index in the input, or by name if it is not in the pool. */
export function putModel(sink: Sink, id: string, models: readonly ModelState[]): void {
  const index = indexOf(models, id)
  putByte(sink, index)
  if (index === BY_NAME) putText(sink, id)
}

export function getModel(source: Source, revs: readonly ModelRev[]): string {
  const index = getByte(source)
  return index === BY_NAME ? getText(source) : revs[index]!.id
}

function putWarm(sink: Sink, w: Warm, models: readonly ModelState[]): void {
  const index = indexOf(models, w.model)
  const isPlain = index !== BY_NAME && models[index]!.rev.account === w.account
  putByte(sink, isPlain ? index : BY_NAME)
  if (!isPlain) {
    putText(sink, w.model)
    putText(sink, w.account)
  }
  DIGEST.write(sink, w.prefix)
  putVarint(sink, w.tokens)
  putNumber(sink, w.untilMs)
  putNumber(sink, w.hit)
}

function getWarm(source: Source, revs: readonly ModelRev[]): Warm {
  const index = getByte(source)
  const rev = index === BY_NAME ? null : revs[index]!
  const model = rev === null ? getText(source) : rev.id
  const account = rev === null ? getText(source) : rev.account
  return { account, model, prefix: DIGEST.read(source), tokens: getVarint(source), untilMs: getNumber(source), hit: getNumber(source) }
}

const LADDER = packedRow<LadderState>({ rung: COUNT, evidence: NUMBER, seen: NUMBER, userTurns: COUNT })

const BUDGETS = packedList(packedRow<BudgetState>({ scope: TEXT, spent: NUMBER, reserved: NUMBER, limit: NUMBER }))

const NO_WARM: readonly Warm[] = []

function getWarmList(source: Source, revs: readonly ModelRev[]): readonly Warm[] {
  let n = getVarint(source)
  if (n === 0) return NO_WARM
  const warm: Warm[] = []
  for (; n > 0; n--) warm.push(getWarm(source, revs))
  return warm
}

const HAS = { ladder: 1, openLoop: 2, lastModel: 4, arm: 8, stopped: 16 } as const

export function putEndogenous(sink: Sink, e: Endogenous, models: readonly ModelState[]): void {
  const { ladder, openLoop, lastModel, stickyArm, stoppedArms } = e
  putByte(
    sink,
    (ladder === null ? 0 : HAS.ladder) |
      (openLoop === null ? 0 : HAS.openLoop) |
      (lastModel === null ? 0 : HAS.lastModel) |
      (stickyArm === null ? 0 : HAS.arm) |
      (stoppedArms === undefined ? 0 : HAS.stopped),
  )
  putVarint(sink, e.turn)
  putVarint(sink, e.returns)
  putVarint(sink, e.warm.length)
  for (const w of e.warm) putWarm(sink, w, models)
  if (ladder !== null) LADDER.write(sink, ladder)
  if (openLoop !== null) putModel(sink, openLoop, models)
  if (lastModel !== null) putModel(sink, lastModel, models)
  if (stickyArm !== null) putText(sink, stickyArm)
  BUDGETS.write(sink, e.budgets)
  if (stoppedArms !== undefined) TEXTS.write(sink, stoppedArms)
}

export function getEndogenous(source: Source, revs: readonly ModelRev[]): Endogenous {
  const has = getByte(source)
  const plain: Endogenous = {
    turn: getVarint(source),
    returns: getVarint(source),
    warm: getWarmList(source, revs),
    ladder: (has & HAS.ladder) === 0 ? null : LADDER.read(source),
    openLoop: (has & HAS.openLoop) === 0 ? null : getModel(source, revs),
    lastModel: (has & HAS.lastModel) === 0 ? null : getModel(source, revs),
    stickyArm: (has & HAS.arm) === 0 ? null : getText(source),
    budgets: BUDGETS.read(source),
  }
  return (has & HAS.stopped) === 0 ? plain : { ...plain, stoppedArms: TEXTS.read(source) }
}

/** The warm prefixes alone, which come first. */
export function getWarmOnly(source: Source, revs: readonly ModelRev[]): readonly Warm[] {
  getByte(source)
  getVarint(source)
  getVarint(source)
  return getWarmList(source, revs)
}
