import { readdirSync, readFileSync } from 'node:fs'

export interface Sample {
  /** Seconds since the start. */
  readonly at: number
  /** Megabytes that are resident, and those of them that are no file's. */
  readonly rss: number
  readonly own: number
  readonly handles: number
}

/** What the system says of a process; Linux only. */
export function measure(pid: number, at: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
  return { at, rss: megabytes('VmRSS'), own: megabytes('RssAnon'), handles: readdirSync(`/proc/${pid}/fd`).length }
}

export interface Flatness {
  /** Medians of the third and of the last quarter. */
  readonly third: number
  readonly last: number
  /** The line of least squares through the last half: what it rises over that time. */
  readonly rise: number
}

/** How a figure went over the last half of the time. */
export function flatness(samples: readonly Sample[], read: (sample: Sample) => number): Flatness {
  const half = samples.slice(Math.floor(samples.length / 2))
  const middle = Math.floor(half.length / 2)
  return { third: median(half.slice(0, middle).map(read)), last: median(half.slice(middle).map(read)), rise: riseOf(half, read) }
}

function riseOf(half: readonly Sample[], read: (sample: Sample) => number): number {
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length
  const t = mean(half.map((s) => s.at))
  const v = mean(half.map(read))
  const spread = half.reduce((sum, s) => sum + (s.at - t) ** 2, 0)
  const slope = spread === 0 ? 0 : half.reduce((sum, s) => sum + (s.at - t) * (read(s) - v), 0) / spread
  return slope * ((half.at(-1)?.at ?? 0) - (half[0]?.at ?? 0))
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
}
