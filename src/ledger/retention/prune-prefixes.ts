import type { CommitQueue } from '../database/commit-queue.js'
import type { Db } from '../database/native.js'
import { openPace } from './pace.js'

/** Calls whose conversations are walked in one go: a few milliseconds. */
const PAGE = 100
const DELETED_A_STEP = 200

/**
 * Deletes nodes of the prefix trie that no call's conversation uses any more: marks from every leaf up, a page at a time, then deletes in
 * small transactions. What other processes add meanwhile is marked inside the transaction that deletes.
 */
export async function prunePrefixes(db: Db, queue: CommitQueue, pause: () => Promise<void>): Promise<number> {
  const size = (db.prepare<[], number | null>('SELECT max(id) FROM prefix').pluck().get() ?? 0) + 1
  const used = new Uint8Array(size)
  const leaves = db.prepare<[number], { seq: number; leaf: number | null }>(
    `SELECT seq, prefix_leaf AS leaf FROM decision WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`,
  )
  const parentOf = db.prepare<[number], number | null>('SELECT parent FROM prefix WHERE id = ?').pluck()
  const nodes = db.prepare<[number, number], number>('SELECT id FROM prefix WHERE id > ? ORDER BY id LIMIT ?').pluck()
  const remove = db.prepare('DELETE FROM prefix WHERE id = ?')
  let marked = 0

  /** Marks the next page of calls; false when there is none. */
  function markPage(): boolean {
    const page = leaves.all(marked)
    for (const { seq, leaf } of page) {
      // Nodes that are newer than this round stand on ones that may not be.
      for (let node = leaf; node !== null && used[node] !== 1; node = parentOf.get(node) ?? null) used[node] = 1
      marked = seq
    }
    return page.length === PAGE
  }

  while (markPage()) await pause()
  const pace = openPace(queue, DELETED_A_STEP)
  let deleted = 0
  for (let at = 0; ; ) {
    const step = nodes.all(at, pace.limit())
    const last = step[step.length - 1]
    if (last === undefined || last >= size) break
    at = last
    const unused = step.filter((id) => used[id] === 0)
    if (unused.length > 0) {
      deleted += await pace.run(() => {
        while (markPage());
        const still = unused.filter((id) => used[id] === 0)
        for (const id of still) remove.run(id)
        return still.length
      })
    }
    await pause()
  }
  return deleted
}
