import { type Source, skip } from '../../kit/index.js'
import { attemptOf } from '../attempts.js'
import { parseList } from '../columns.js'
import type { Db } from '../database/native.js'
import { unpackDigest } from '../digests.js'
import type { JsonByHash } from '../json-by-hash.js'
import type { Names } from '../names.js'
import { HEAD, type HeadColumns } from '../packed/head.js'
import { readSettlement, type Settlement } from '../packed/settlement.js'
import type { ColumnReader } from '../read/read-columns.js'
import type { CallStatus, Reservation } from '../types.js'
import type { ReplayDecided, ReplaySettled } from './replay-events.js'

interface ReplayParts {
  readonly names: Names
  readonly sessions: Names
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

/** Words for numbers. Written out field by field: it runs once for every call of a replay. */
function decidedEvent(
  seq: number,
  h: HeadColumns,
  blobs: { readonly signals: Buffer; readonly input: Buffer; readonly plan: Buffer },
  { names, sessions, policies, engines }: ReplayParts,
): ReplayDecided {
  return {
    kind: 'decided',
    seq,
    folded: false,
    id: h.id,
    atMs: h.decidedAt,
    tzMin: h.tzMin,
    engine: h.run === null ? null : (engines.get(h.run) ?? null),
    source: names.textOrNull(h.source),
    session: sessions.textOrNull(h.session),
    turn: h.turn,
    sideKind: names.textOrNull(h.sideKind),
    client: names.text(h.client),
    key: names.textOrNull(h.key),
    tier: names.textOrNull(h.tier),
    tags: parseList(h.tags) as readonly string[],
    mode: names.text(h.mode) as ReplayDecided['mode'],
    profile: names.text(h.profile),
    requestedModel: names.text(h.requestedModel),
    chosen: names.textOrNull(h.chosen),
    baseline: names.textOrNull(h.baseline),
    rule: names.textOrNull(h.rule),
    task: names.text(h.task),
    complexity: names.text(h.complexity),
    inputTokensEstimate: h.estimate,
    stream: h.stream === 1,
    policyHash: policies.hash(h.policy),
    classifierHash: names.text(h.classifier),
    prefixLeaf: h.prefixLeaf,
    breakpoints: parseList(h.breakpoints) as readonly number[],
    limit: h.limit,
    reservations: parseList(h.reservations) as readonly Reservation[],
    stateHash: unpackDigest(h.stateHash),
    signals: blobs.signals,
    input: blobs.input,
    plan: blobs.plan,
  }
}

function settledEvent(call: number, s: Settlement, { names, modelRevs }: ReplayParts): ReplaySettled {
  return {
    kind: 'settled',
    seq: s.seq,
    call,
    atMs: s.settledAt,
    status: names.text(s.status) as CallStatus,
    model: names.textOrNull(s.model),
    costNano: s.costNano,
    baselineCostNano: s.baselineCostNano,
    ttftMs: s.ttftMs,
    latencyMs: s.latencyMs,
    attempts: s.attempts.map((a) => attemptOf(a, names, modelRevs)),
  }
}
