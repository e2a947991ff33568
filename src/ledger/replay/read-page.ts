import { type Source, skip } from '../../kit/index.js'
import type { Db } from '../database/native.js'
import type { JsonByHash } from '../json-by-hash.js'
import type { Names } from '../names.js'
import { HEAD } from '../packed/head.js'
import { readSettlement, type Settlement } from '../packed/settlement.js'
import type { ColumnReader } from '../read/read-columns.js'
import type { ReplayDecided, ReplaySettled } from './replay-events.js'
import { decidedEvent, settledEvent } from './replay-rows.js'

export interface ReplayParts {
  readonly names: Names
  readonly sessionKey: (n: number | null) => string | null
  readonly policies: JsonByHash
  readonly modelRevs: JsonByHash
  readonly columns: ColumnReader
  readonly engines: ReadonlyMap<number, number>
}

/** At most `size` rows from the first seq to before another. */
interface PageRange {
  readonly from: number
  readonly until: number
  readonly size: number
}

/** Calls in the order of their decisions; `settled` has the end of each, null while it runs. */
interface CallPage {
  readonly decided: readonly ReplayDecided[]
  readonly settled: readonly (ReplaySettled | null)[]
}

type PackedPage = readonly [seqs: string | null, unpacked: number, rows: Buffer]

/**
 * Reads calls in pages. The packed columns of a page come out of SQLite as one buffer: crossing into JavaScript costs more than anything
 * else, so it happens a few times per page instead of forty times per row. The sum keeps SQLite from preparing the statement anew for every
 * page, as it does when a limit by itself is bound.
 */
export function prepareReadPage(db: Db, parts: ReplayParts): (range: PageRange) => CallPage {
  const joined = (column: string) => `CAST(group_concat(${column}, '') AS BLOB)`
  const packed = db
    .prepare<[number, number, number], PackedPage>(
      `SELECT group_concat(seq), sum(head IS NULL), ${joined('head || signals || input || plan')}
       FROM (SELECT seq, head, signals, input, plan FROM decision WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ? + 0)`,
    )
    .raw()
  const settlements = db
    .prepare<[number, number], readonly [count: number, unpacked: number, settled: Buffer]>(
      `SELECT count(*), sum(settled IS NULL), ${joined('settled')} FROM (SELECT settled FROM call WHERE seq >= ? AND seq <= ? ORDER BY seq)`,
    )
    .raw()

  return ({ from, until, size }) => {
    const page = packed.get(from, until, size)!
    if (page[0] === null) return { decided: [], settled: [] }
    const seqs = page[0].split(',').map(Number)
    const [ends, endsUnpacked, settled] = settlements.get(seqs[0] ?? 0, seqs[seqs.length - 1] ?? 0)!
    const whole = ends === seqs.length && endsUnpacked === 0
    return {
      decided: page[1] === 0 ? unpackRows(seqs, page[2], parts) : seqs.flatMap((seq) => decidedFromColumns(seq, parts)),
      settled: whole ? unpackSettlements(seqs, settled, parts) : seqs.map((seq) => event(seq, parts.columns.settlement(seq), parts)),
    }
  }
}

function unpackRows(seqs: readonly number[], rows: Buffer, parts: ReplayParts): ReplayDecided[] {
  const source: Source = { bytes: rows, at: 0 }
  return seqs.map((seq) => {
    const head = HEAD.read(source)
    const blobs = { signals: take(source, head.signals), input: take(source, head.input), plan: take(source, head.plan) }
    return decidedEvent(seq, head, blobs, parts)
  })
}

function take(source: Source, length: number): Buffer {
  const start = skip(source, length)
  return source.bytes.subarray(start, source.at)
}

function unpackSettlements(seqs: readonly number[], settled: Buffer, parts: ReplayParts): (ReplaySettled | null)[] {
  const source: Source = { bytes: settled, at: 0 }
  return seqs.map((seq) => event(seq, readSettlement(source), parts))
}

function event(call: number, settlement: Settlement | null, parts: ReplayParts): ReplaySettled | null {
  return settlement === null ? null : settledEvent(call, settlement, parts)
}

function decidedFromColumns(seq: number, parts: ReplayParts): ReplayDecided[] {
  const row = parts.columns.decision(seq)
  return row === null ? [] : [decidedEvent(seq, row, row, parts)]
}
