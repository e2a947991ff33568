import type { ModelRev } from '../../catalog/types.js'
import type { BudgetState, Endogenous, LadderState, ModelState, Warm } from '../types.js'
import { getByte, getNumber, getVarint, putByte, putNumber, putVarint, type Sink, type Source } from './bytes.js'
import { getDigest, getText, getTexts, putDigest, putText, putTexts } from './text.js'

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
  putDigest(sink, w.prefix)
  putVarint(sink, w.tokens)
  putNumber(sink, w.untilMs)
  putNumber(sink, w.hit)
}

function getWarm(source: Source, revs: readonly ModelRev[]): Warm {
  const index = getByte(source)
  const rev = index === BY_NAME ? null : revs[index]!
  const model = rev === null ? getText(source) : rev.id
  const account = rev === null ? getText(source) : rev.account
  return { account, model, prefix: getDigest(source), tokens: getVarint(source), untilMs: getNumber(source), hit: getNumber(source) }
}

function getLadder(source: Source): LadderState {
  return { rung: getVarint(source), evidence: getNumber(source), seen: getNumber(source), userTurns: getVarint(source) }
}

function getBudget(source: Source): BudgetState {
  return { scope: getText(source), spent: getNumber(source), reserved: getNumber(source), limit: getNumber(source) }
}

const NO_WARM: readonly Warm[] = []
const NO_BUDGETS: readonly BudgetState[] = []

function getWarmList(source: Source, revs: readonly ModelRev[]): readonly Warm[] {
  let n = getVarint(source)
  if (n === 0) return NO_WARM
  const warm: Warm[] = []
  for (; n > 0; n--) warm.push(getWarm(source, revs))
  return warm
}

function getBudgets(source: Source): readonly BudgetState[] {
  let n = getVarint(source)
  if (n === 0) return NO_BUDGETS
  const budgets: BudgetState[] = []
  for (; n > 0; n--) budgets.push(getBudget(source))
  return budgets
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
  if (ladder !== null) {
    putVarint(sink, ladder.rung)
    putNumber(sink, ladder.evidence)
    putNumber(sink, ladder.seen)
    putVarint(sink, ladder.userTurns)
  }
  if (openLoop !== null) putModel(sink, openLoop, models)
  if (lastModel !== null) putModel(sink, lastModel, models)
  if (stickyArm !== null) putText(sink, stickyArm)
  putVarint(sink, e.budgets.length)
  for (const b of e.budgets) {
    putText(sink, b.scope)
    putNumber(sink, b.spent)
    putNumber(sink, b.reserved)
    putNumber(sink, b.limit)
  }
  if (stoppedArms !== undefined) putTexts(sink, stoppedArms)
}

export function getEndogenous(source: Source, revs: readonly ModelRev[]): Endogenous {
  const has = getByte(source)
  const plain: Endogenous = {
    turn: getVarint(source),
    returns: getVarint(source),
    warm: getWarmList(source, revs),
    ladder: (has & HAS.ladder) === 0 ? null : getLadder(source),
    openLoop: (has & HAS.openLoop) === 0 ? null : getModel(source, revs),
    lastModel: (has & HAS.lastModel) === 0 ? null : getModel(source, revs),
    stickyArm: (has & HAS.arm) === 0 ? null : getText(source),
    budgets: getBudgets(source),
  }
  return (has & HAS.stopped) === 0 ? plain : { ...plain, stoppedArms: getTexts(source) }
}

/** The warm prefixes alone, which come first. */
export function getWarmOnly(source: Source, revs: readonly ModelRev[]): readonly Warm[] {
  getByte(source)
  getVarint(source)
  getVarint(source)
  return getWarmList(source, revs)
}
