import { entry, type Nano } from '../kit/index.js'

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

/** Totals of a group of calls on both sides. */
export interface TaskShift {
  readonly task: string
  readonly calls: number
  readonly changed: number
  readonly actualCost: Nano
  readonly simulatedCost: Nano
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
  const tasks = new Map<string, ReturnType<typeof newShift>>()
  const calls = topList<ChangedCall>((c) => Math.abs(c.costChange))
  const worse = topList<ChangedCall>((c) => -(c.qualityChange ?? 0))
  return {
    /** Separate arguments instead of an object: for most of a million calls not even an object is allocated. */
    add(
      id: string,
      taskName: string,
      from: string | null,
      to: string | null,
      actual: Nano,
      simulated: Nano,
      qualityChange: number | null,
      reasons: () => readonly [before: string, after: string],
    ): void {
      const task = entry(tasks, taskName, newShift)
      task.calls++
      task.actualCost += actual
      task.simulatedCost += simulated
      task.qualityChange += qualityChange ?? 0
      if (from === to) return
      task.changed++
      const costChange = simulated - actual
      const loss = -(qualityChange ?? 0)
      if (!calls.admits(Math.abs(costChange)) && !(loss > 0 && worse.admits(loss))) return
      const [reasonBefore, reasonAfter] = reasons()
      const call: ChangedCall = { id, task: taskName, from, to, costChange, qualityChange, reasonBefore, reasonAfter }
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

function newShift(task: string): { -readonly [K in keyof TaskShift]: TaskShift[K] } {
  return { task, calls: 0, changed: 0, actualCost: 0, simulatedCost: 0, qualityChange: 0 }
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
