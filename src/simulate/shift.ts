import type { Nano } from '../kit/index.js'

/** What some calls come to on both sides. Costs nano-USD. */
export type Shift = ReturnType<typeof newShift>

export function newShift() {
  return { calls: 0, changed: 0, actualCost: 0, simulatedCost: 0 }
}

/** Adds one call. */
export function addShift(shift: Shift, actual: Nano, simulated: Nano, hasChanged: boolean): void {
  shift.calls++
  if (hasChanged) shift.changed++
  shift.actualCost += actual
  shift.simulatedCost += simulated
}
