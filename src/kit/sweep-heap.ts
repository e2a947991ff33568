import { setFlagsFromString } from 'node:v8'

/**
 * From now on, for the whole process, V8 collects a heap when it has grown by this much beyond its live objects; by default V8 lets a small
 * heap grow to four times that.
 */
export function sweepHeapAfter(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}

/** From now on, for the whole process, V8 collects young objects without helper threads: for small heaps, waking them takes longer. */
export function scavengeAlone(): void {
  setFlagsFromString('--no-parallel-scavenge')
}
