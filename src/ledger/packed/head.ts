import { type Reader, readCount, readCountOrNull, readSigned, readText } from './reader.js'
import type { Writer } from './writer.js'

type Count = number | null

/** What a replay needs of a decision besides its blobs, as stored in the columns: numbers of names, JSON text for lists. */
export interface Head {
  readonly id: string
  readonly decidedAt: number
  readonly tzMin: number
  readonly run: Count
  readonly source: Count
  readonly session: Count
  readonly turn: number
  readonly sideKind: Count
  readonly client: number
  readonly key: Count
  readonly tier: Count
  readonly tags: string | null
  readonly mode: number
  readonly profile: number
  readonly requestedModel: number
  readonly chosen: Count
  readonly baseline: Count
  readonly rule: Count
  readonly task: number
  readonly complexity: number
  readonly estimate: number
  readonly stream: number
  readonly policy: number
  readonly classifier: number
  readonly prefixLeaf: Count
  readonly breakpoints: string | null
  readonly limit: Count
  readonly reservations: string | null
  readonly stateHash: Buffer | string
  /** Bytes of the three blobs. */
  readonly signals: number
  readonly input: number
  readonly plan: number
}

export function packHead(w: Writer, h: Head): Buffer {
  w.text(h.id)
  w.count(h.decidedAt)
  w.signed(h.tzMin)
  w.countOrNull(h.run)
  w.countOrNull(h.source)
  w.countOrNull(h.session)
  w.count(h.turn)
  w.countOrNull(h.sideKind)
  w.count(h.client)
  w.countOrNull(h.key)
  w.countOrNull(h.tier)
  w.text(h.tags)
  w.count(h.mode)
  w.count(h.profile)
  w.count(h.requestedModel)
  w.countOrNull(h.chosen)
  w.countOrNull(h.baseline)
  w.countOrNull(h.rule)
  w.count(h.task)
  w.count(h.complexity)
  w.count(h.estimate)
  w.count(h.stream)
  w.count(h.policy)
  w.count(h.classifier)
  w.countOrNull(h.prefixLeaf)
  w.text(h.breakpoints)
  w.countOrNull(h.limit)
  w.text(h.reservations)
  if (typeof h.stateHash === 'string') {
    w.count(0)
    w.text(h.stateHash)
  } else {
    w.count(h.stateHash.length + 1)
    w.bytes(h.stateHash)
  }
  w.count(h.signals)
  w.count(h.input)
  w.count(h.plan)
  return w.take()
}

/** Fields in the order in which `packHead` wrote them. */
export function readHead(r: Reader): Head {
  return {
    id: readText(r) ?? '',
    decidedAt: readCount(r),
    tzMin: readSigned(r),
    run: readCountOrNull(r),
    source: readCountOrNull(r),
    session: readCountOrNull(r),
    turn: readCount(r),
    sideKind: readCountOrNull(r),
    client: readCount(r),
    key: readCountOrNull(r),
    tier: readCountOrNull(r),
    tags: readText(r),
    mode: readCount(r),
    profile: readCount(r),
    requestedModel: readCount(r),
    chosen: readCountOrNull(r),
    baseline: readCountOrNull(r),
    rule: readCountOrNull(r),
    task: readCount(r),
    complexity: readCount(r),
    estimate: readCount(r),
    stream: readCount(r),
    policy: readCount(r),
    classifier: readCount(r),
    prefixLeaf: readCountOrNull(r),
    breakpoints: readText(r),
    limit: readCountOrNull(r),
    reservations: readText(r),
    stateHash: readStateHash(r),
    signals: readCount(r),
    input: readCount(r),
    plan: readCount(r),
  }
}

function readStateHash(r: Reader): Buffer | string {
  const length = readCount(r)
  if (length === 0) return readText(r) ?? ''
  const start = r.at
  r.at += length - 1
  return r.bytes.subarray(start, r.at)
}
