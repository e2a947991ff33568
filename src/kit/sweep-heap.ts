import { setFlagsFromString } from 'node:v8'

/**
 * From now on, and for the whole process, a heap is swept when it has grown by so much beyond what lives in it; left alone, V8 lets a small one
 * grow to four times that.
 */
export function sweepHeapAfter(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}
