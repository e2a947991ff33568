import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface Sample {
  /** Seconds since the start. */
  readonly at: number
  /** Megabytes that are resident, and those of them that are no file's. */
  readonly rss: number
  readonly own: number
  readonly handles: number
  /** Calls open at the time. */
  readonly open: number
}

/** What the system says of a process; Linux only. */
export function measure(pid: number, at: number): Omit<Sample, 'open'> {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
  return { at, rss: megabytes('VmRSS'), own: megabytes('RssAnon'), handles: readdirSync(`/proc/${pid}/fd`).length }
}

/** Open handles of a process by kind: `socket`, `pipe`, the end of a file's name. */
export function handlesByKind(pid: number): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {}
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const kind = kindOf(`/proc/${pid}/fd/${fd}`)
    if (kind !== null) kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  return kinds
}

function kindOf(link: string): string | null {
  try {
    const to = readlinkSync(link)
    return to.startsWith('/') ? (to.split('/').at(-1) ?? to).replace(/run-\w+/, 'run') : to.replace(/^anon_inode:|:?\[\d+\]|[[\]]/g, '')
  } catch {
    // Closed between the listing and the look.
    return null
  }
}

/** How a figure goes over the last half of the time. */
export interface Course {
  readonly median: number
  /** What it rises over that half, by the median of all slopes between two samples (Theil and Sen): a peak does not move it. */
  readonly rise: number
}

export function courseOf(samples: readonly Sample[], read: (sample: Sample) => number): Course {
  const half = samples.slice(Math.floor(samples.length / 2))
  const slopes = half.flatMap((a, i) => half.slice(i + 1).map((b) => (read(b) - read(a)) / (b.at - a.at)))
  return { median: median(half.map(read)), rise: median(slopes) * ((half.at(-1)?.at ?? 0) - (half[0]?.at ?? 0)) }
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
}
