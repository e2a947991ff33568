import { setFlagsFromString } from 'node:v8'

/**
 * From now on, for the whole process, V8 collects a heap when it has grown by this much beyond its live objects; by default V8 lets a small
 * heap grow to four times that.
 */
export function sweepHeapAfter(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}
