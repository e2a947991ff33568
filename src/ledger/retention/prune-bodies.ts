import { DAY_MS } from '../../kit/index.js'
import { compressPack, expandPack } from '../bodies/packs.js'
import type { CommitQueue } from '../database/commit-queue.js'
import type { Db } from '../database/native.js'

interface MessageRow {
  readonly id: number
  readonly start: number
  readonly bytes: number
  readonly used_day: number
}

export function preparePruneBodies(db: Db, queue: CommitQueue, now: () => number) {
  // CROSS keeps the order of the tables: begun with the calls, every step would sort all of them.
  const lists = db.prepare<[number], { call: number; at: number }>(
    'SELECT b.call, c.decided_at AS at FROM body b CROSS JOIN call c ON c.seq = b.call ORDER BY b.call LIMIT ?',
  )
  const dropList = db.prepare('DELETE FROM body WHERE call = ?')
  const nextPack = db.prepare<[number], { id: number; at: number }>('SELECT id, at FROM pack WHERE id > ? ORDER BY id LIMIT 1')
  const messages = db.prepare<[number], MessageRow>('SELECT id, start, bytes, used_day FROM message WHERE pack = ? ORDER BY start')
  const packData = db.prepare<[number], Buffer>('SELECT data FROM pack WHERE id = ?').pluck()
  const insertPack = db.prepare('INSERT INTO pack(at, raw_bytes, data) VALUES (?, ?, ?)')
  const move = db.prepare('UPDATE message SET pack = ?, start = ? WHERE id = ? AND pack = ?')
  const dropMessages = db.prepare('DELETE FROM message WHERE pack = ?')
  const dropPack = db.prepare('DELETE FROM pack WHERE id = ?')

  async function thin(pack: number, day: number): Promise<void> {
    const live = messages.all(pack).filter((m) => m.used_day >= day)
    const stored = packData.get(pack)
    const moved = stored === undefined || live.length === 0 ? null : await repack(stored, live)
    await queue.run(() => {
      if (moved !== null) {
        const target = Number(insertPack.run(now(), moved.rawBytes, moved.data).lastInsertRowid)
        for (const { id, start } of moved.places) move.run(target, start, id, pack)
      }
      dropMessages.run(pack)
      dropPack.run(pack)
    })
  }

  return {
    /** Deletes up to `limit` lists of messages of calls decided before; returns how many. Call inside a transaction. */
    dropLists(beforeMs: number, limit: number) {
      const rows = lists.all(limit)
      const young = rows.findIndex((row) => row.at >= beforeMs)
      const old = young === -1 ? rows : rows.slice(0, young)
      for (const { call } of old) dropList.run(call)
      return old.length
    },
    /**
     * Deletes messages that no call since `beforeMs` used, one pack at a time; messages still in use move to a new pack. Returns the number
     * of packs.
     */
    async dropMessages(beforeMs: number, pause: () => Promise<void>) {
      const day = Math.floor(beforeMs / DAY_MS)
      let done = 0
      // Messages still in use move to a new pack at the end, so that the walk never reaches them again.
      for (let pack = nextPack.get(0); pack !== undefined && pack.at < beforeMs; pack = nextPack.get(pack.id)) {
        await thin(pack.id, day)
        done++
        await pause()
      }
      return done
    },
  }
}

async function repack(data: Buffer, live: readonly MessageRow[]) {
  const raw = expandPack(data)
  const pieces = live.map((m) => raw.subarray(m.start, m.start + m.bytes))
  let start = 0
  const places = live.map((m) => {
    const place = { id: m.id, start }
    start += m.bytes
    return place
  })
  return { places, rawBytes: start, data: await compressPack(Buffer.concat(pieces)) }
}
