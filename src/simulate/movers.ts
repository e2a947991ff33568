import type { Nano } from '../kit/index.js'

/** A call that would have gone elsewhere. */
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

/** What a group of calls comes to on both sides. */
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

export interface MoverTracker {
  add(
    call: Omit<ChangedCall, 'reasonBefore' | 'reasonAfter'> & { readonly actualCost: Nano },
    reasons: () => readonly [before: string, after: string],
  ): void
  result(): Movers
}

export function trackMovers(): MoverTracker {
  const tasks = new Map<string, { -readonly [K in keyof TaskShift]: TaskShift[K] }>()
  const calls = topList<ChangedCall>((c) => Math.abs(c.costChange))
  const worse = topList<ChangedCall>((c) => -(c.qualityChange ?? 0))
  return {
    add({ actualCost, ...call }, reasons) {
      let task = tasks.get(call.task)
      if (task === undefined) {
        task = { task: call.task, calls: 0, changed: 0, actualCost: 0, simulatedCost: 0, qualityChange: 0 }
        tasks.set(call.task, task)
      }
      task.calls++
      task.actualCost += actualCost
      task.simulatedCost += actualCost + call.costChange
      task.qualityChange += call.qualityChange ?? 0
      if (call.from === call.to) return
      task.changed++
      const whole = (): ChangedCall => {
        const [reasonBefore, reasonAfter] = reasons()
        return { ...call, reasonBefore, reasonAfter }
      }
      calls.offer(Math.abs(call.costChange), whole)
      if ((call.qualityChange ?? 0) < 0) worse.offer(-(call.qualityChange ?? 0), whole)
    },
    result: () => ({
      tasks: [...tasks.values()].sort((a, b) => Math.abs(b.simulatedCost - b.actualCost) - Math.abs(a.simulatedCost - a.actualCost)),
      calls: calls.list(),
      worse: worse.list(),
    }),
  }
}

/** The largest few of many: items are made only when they get in. */
function topList<T>(size: (item: T) => number) {
  let items: T[] = []
  let least = Number.NEGATIVE_INFINITY
  const trim = (): void => {
    items = items.sort((a, b) => size(b) - size(a)).slice(0, KEPT)
    if (items.length === KEPT) least = size(items[KEPT - 1] as T)
  }
  return {
    offer(value: number, make: () => T): void {
      if (value <= least) return
      items.push(make())
      if (items.length >= 2 * KEPT) trim()
    },
    list(): readonly T[] {
      trim()
      return items
    },
  }
}
