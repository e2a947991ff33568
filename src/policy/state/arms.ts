import { entry } from '../../kit/index.js'
import type { ArmGuard, ResolvedPolicy } from '../types.js'
import type { Settled } from './events.js'
import type { ArmSum, State } from './state.js'

const CONTROL = ''

function isStopped(arm: ArmSum, others: ArmSum, guard: ArmGuard): boolean {
  if (arm.calls < guard.minCalls) return false
  if (guard.maxErrorRate !== undefined && arm.errors / arm.calls > guard.maxErrorRate) return true
  if (guard.maxCostRatio === undefined || others.calls < guard.minCalls || others.cost <= 0) return false
  return arm.cost / arm.calls > guard.maxCostRatio * (others.cost / others.calls)
}

/** Counts a settled call of an experiment. A cancelled one says nothing of the arm. */
export function countArm(state: State, experiment: string, arm: string | null, event: Settled): void {
  if (event.status === 'cancelled' || event.status === 'interrupted') return
  const arms = entry(state.arms, experiment, () => new Map<string, ArmSum>())
  const sum = entry(arms, arm ?? CONTROL, () => ({ calls: 0, errors: 0, cost: 0 }))
  sum.calls += 1
  sum.errors += event.status === 'error' ? 1 : 0
  sum.cost += event.cost ?? 0
}

/** Arms that their guard has stopped, for failing too often or costing too much more than everyone else. */
export function stoppedArms(state: State, experiment: ResolvedPolicy['experiment']): readonly string[] {
  const guard = experiment?.guard
  const arms = experiment == null ? undefined : state.arms.get(experiment.name)
  if (guard === undefined || arms === undefined) return []
  const all = [...arms.values()].reduce((a, b) => ({ calls: a.calls + b.calls, errors: a.errors + b.errors, cost: a.cost + b.cost }))
  const without = (s: ArmSum): ArmSum => ({ calls: all.calls - s.calls, errors: all.errors - s.errors, cost: all.cost - s.cost })
  return [...arms].filter(([name, sum]) => name !== CONTROL && isStopped(sum, without(sum), guard)).map(([name]) => name)
}
