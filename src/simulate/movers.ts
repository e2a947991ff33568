import { entry, type Nano } from '../kit/index.js'
import { addAt, newColumn } from './column.js'
import type { Recorded } from './recorded-calls.js'
import { addShift, newShift } from './shift.js'
import type { CountedCall } from './tally.js'
import type { GroupShift } from './types.js'

/** A call that would have gone to another model. */
export interface ChangedCall {
  readonly id: string
  readonly task: string
  readonly from: string | null
  readonly to: string | null
  /** Simulated minus actual, nano-USD. */
  readonly costChange: Nano
  readonly qualityChange: number | null
  /** Both choices in words. */
  readonly reasonBefore: string
  readonly reasonAfter: string
}

export interface TaskShift extends GroupShift {
  /** Sum over calls of the change of predicted quality. */
  readonly qualityChange: number
}

/** What moves a result, biggest first: tasks, and the calls that change most. */
export interface Movers {
  readonly tasks: readonly TaskShift[]
  readonly calls: readonly ChangedCall[]
  /** Calls whose predicted quality falls most. */
  readonly worse: readonly ChangedCall[]
}

const KEPT = 50

export function trackMovers() {
  const tasks = new Map<string, ReturnType<typeof newTaskShift>>()
  const calls = topList<ChangedCall>((c) => Math.abs(c.costChange))
  const worse = topList<ChangedCall>((c) => -(c.qualityChange ?? 0))
  return {
    add({ id, task: name, end, other, actual, simulated, quality, reasons }: CountedCall): void {
      const [from, to] = [end.model, other.model]
      const qualityChange = quality === null || other.quality === null ? null : other.quality - quality
      const task = entry(tasks, name, newTaskShift)
      addShift(task, actual, simulated, from !== to)
      task.qualityChange += qualityChange ?? 0
      if (from === to) return
      const costChange = simulated - actual
      const loss = -(qualityChange ?? 0)
      if (!calls.admits(Math.abs(costChange)) && !(loss > 0 && worse.admits(loss))) return
      const [reasonBefore, reasonAfter] = reasons()
      const call: ChangedCall = { id, task: name, from, to, costChange, qualityChange, reasonBefore, reasonAfter }
      if (calls.admits(Math.abs(costChange))) calls.offer(call)
      if (loss > 0 && worse.admits(loss)) worse.offer(call)
    },
    result: (): Movers => ({
      tasks: [...tasks.values()].sort((a, b) => Math.abs(b.simulatedCost - b.actualCost) - Math.abs(a.simulatedCost - a.actualCost)),
      calls: calls.list(),
      worse: worse.list(),
    }),
  }
}

function newTaskShift(name: string) {
  return { name, ...newShift(), qualityChange: 0 }
}

/** By what each session changes, by the session's number. */
export function newSessionShifts() {
  const differences = newColumn()
  const changes = newColumn()
  return {
    /** A call of the session costs so much more, nano-USD. */
    add(session: number, more: Nano, changed: boolean): void {
      addAt(differences, session, more)
      addAt(changes, session, changed ? 1 : 0)
    },
    /** Those that move the result most, biggest first. */
    top(recorded: Recorded, keyOf: (session: number) => string): readonly GroupShift[] {
      const moreOf = (i: number): number => differences.values[i]!
      const most = topList((i: number) => Math.abs(moreOf(i)))
      for (let i = 0; i < differences.length; i++)
        if ((changes.values[i] !== 0 || moreOf(i) !== 0) && most.admits(Math.abs(moreOf(i)))) most.offer(i)
      return most.list().map((i) => ({
        name: keyOf(i),
        calls: recorded.calls(i),
        changed: changes.values[i]!,
        actualCost: recorded.cost(i),
        simulatedCost: recorded.cost(i) + moreOf(i),
      }))
    },
  }
}

/** The largest few of many: ask whether one gets in before making it. */
function topList<T>(size: (item: T) => number) {
  let items: T[] = []
  let least = Number.NEGATIVE_INFINITY
  const trim = (): void => {
    items = items.sort((a, b) => size(b) - size(a)).slice(0, KEPT)
    if (items.length === KEPT) least = size(items[KEPT - 1]!)
  }
  return {
    admits: (value: number): boolean => value > least,
    offer(item: T): void {
      items.push(item)
      if (items.length >= 2 * KEPT) trim()
    },
    list(): readonly T[] {
      trim()
      return items
    },
  }
}
