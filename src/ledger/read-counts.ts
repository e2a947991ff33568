import type { Db } from './native.js'
import type { Counts } from './rows.js'

/** How much there is. Fast at any size: sums come from the hourly table, the size from the file's own header. */
export function readCounts(db: Db): Counts {
  const settled = Number(db.prepare('SELECT coalesce(sum(calls), 0) FROM rollup').pluck().get())
  const running = Number(db.prepare('SELECT count(*) FROM call WHERE status = 1 AND status <> 2').pluck().get())
  const oldestMs = db.prepare<[], number | null>('SELECT min(decided_at) FROM call').pluck().get() ?? null
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }))
  const bytes = pragma('page_count') * pragma('page_size')
  const usedBytes = bytes - pragma('freelist_count') * pragma('page_size')
  return { calls: settled + running, running, bytes, usedBytes, oldestMs }
}
