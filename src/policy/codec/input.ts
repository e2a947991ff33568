import type { ModelRev } from '../../catalog/types.js'
import type { Signals } from '../../classify/types.js'
import { Fault } from '../../kit/index.js'
import { hashModelRev, hashPolicy } from '../hash-policy.js'
import type { DecideInput, ModelState, ResolvedPolicy } from '../types.js'
import {
  checkFormat,
  ensure,
  finish,
  getByte,
  getDigest,
  getMaybe,
  getNumber,
  getText,
  getTexts,
  getVarint,
  newSink,
  putByte,
  putDigest,
  putFormat,
  putMaybe,
  putNumber,
  putText,
  putTexts,
  putVarint,
  type Sink,
  type Source,
  sourceOf,
} from './bytes.js'
import { getEndogenous, getModel, putEndogenous, putModel } from './endogenous.js'
import { BREAKERS, codeOf, KINDS, MODES, wordOf } from './words.js'

/** What stored hashes stand for. Rows are read in bulk, so look-ups should be from memory. */
export interface Tables {
  policy(hash: string): ResolvedPolicy | undefined
  modelRev(hash: string): ModelRev | undefined
}

const HASH_BYTES = 16

function putHashes(sink: Sink, models: readonly ModelState[]): void {
  putVarint(sink, models.length)
  ensure(sink, models.length * HASH_BYTES)
  for (const m of models) sink.at += sink.bytes.write(hashModelRev(m.rev), sink.at, 'hex')
}

function missing(what: string, hash: string): Fault {
  return new Fault('E_LEDGER', `the ledger does not hold ${what} ${hash}`, { hint: 'run `llmroute ledger verify`' })
}

/** The pool of the row read last. Neighbouring rows mostly have the same one, and comparing bytes is cheaper than looking up. */
let lastHashes: Buffer = Buffer.alloc(0)
let lastRevs: readonly ModelRev[] = []
let lastTables: Tables | null = null

function getRevs(source: Source, tables: Tables): readonly ModelRev[] {
  const count = getVarint(source)
  const end = source.at + count * HASH_BYTES
  const isSame = tables === lastTables && source.bytes.compare(lastHashes, 0, lastHashes.length, source.at, end) === 0
  if (!isSame) {
    const revs: ModelRev[] = []
    for (let at = source.at; at < end; at += HASH_BYTES) {
      const hash = source.bytes.toString('hex', at, at + HASH_BYTES)
      const rev = tables.modelRev(hash)
      if (rev === undefined) throw missing('model revision', hash)
      revs.push(rev)
    }
    lastHashes = Buffer.from(source.bytes.subarray(source.at, end))
    lastRevs = revs
    lastTables = tables
  }
  source.at = end
  return lastRevs
}

function putState(sink: Sink, m: ModelState): void {
  putByte(sink, codeOf(BREAKERS, m.breaker) | (m.quotaLeft === null ? 0 : 4))
  if (m.quotaLeft !== null) putNumber(sink, m.quotaLeft)
  putNumber(sink, m.ttftUs)
  putNumber(sink, m.usPerToken)
  putNumber(sink, m.tokenizerRatio)
  putNumber(sink, m.expectedOut)
  putNumber(sink, m.ability)
  putNumber(sink, m.abilitySd)
}

function getState(source: Source, rev: ModelRev): ModelState {
  const head = getByte(source)
  return {
    rev,
    breaker: wordOf(BREAKERS, head & 3),
    quotaLeft: (head & 4) === 0 ? null : getNumber(source),
    ttftUs: getNumber(source),
    usPerToken: getNumber(source),
    tokenizerRatio: getNumber(source),
    expectedOut: getNumber(source),
    ability: getNumber(source),
    abilitySd: getNumber(source),
  }
}

const NO_TEXTS: readonly string[] = []
const sink = newSink()

/** A decision's input as bytes, signals apart (they have a blob of their own); policy and model revisions by hash. */
export function encodeInput(input: DecideInput): Uint8Array {
  sink.at = 0
  putFormat(sink)
  putDigest(sink, hashPolicy(input.policy))
  putNumber(sink, input.atMs)
  putNumber(sink, input.tzMin)
  putByte(sink, codeOf(MODES, input.mode) | (codeOf(KINDS, input.kind) << 2) | (input.stream ? 16 : 0) | (input.cacheMarks ? 32 : 0))
  putHashes(sink, input.models)
  for (const m of input.models) putState(sink, m)
  putMaybe(sink, input.pinned, (to, id) => putModel(to, id, input.models))
  putMaybe(sink, input.tier, putText)
  putTexts(sink, input.tags)
  putText(sink, input.client)
  putMaybe(sink, input.limit, putNumber)
  putMaybe(sink, input.deadlineMs, putNumber)
  putEndogenous(sink, input.endogenous, input.models)
  putVarint(sink, input.draws.length)
  for (const draw of input.draws) putNumber(sink, draw)
  return finish(sink)
}

function getDraws(source: Source): readonly number[] {
  const draws: number[] = []
  for (let n = getVarint(source); n > 0; n--) draws.push(getNumber(source))
  return draws
}

/** Throws E_LEDGER when a hash is unknown or the bytes are of another format. */
export function decodeInput(bytes: Uint8Array, signals: Signals, tables: Tables): DecideInput {
  const source = sourceOf(bytes)
  checkFormat(source)
  const policyHash = getDigest(source)
  const policy = tables.policy(policyHash)
  if (policy === undefined) throw missing('policy', policyHash)
  const atMs = getNumber(source)
  const tzMin = getNumber(source)
  const head = getByte(source)
  const models = getRevs(source, tables).map((rev) => getState(source, rev))
  const pinned = getMaybe(source, (from) => getModel(from, models))
  const tier = getMaybe(source, getText)
  const tags = getTexts(source)
  return {
    policy,
    atMs,
    tzMin,
    signals,
    mode: wordOf(MODES, head & 3),
    kind: wordOf(KINDS, (head >> 2) & 3),
    stream: (head & 16) !== 0,
    cacheMarks: (head & 32) !== 0,
    models,
    pinned,
    tier,
    tags: tags.length === 0 ? NO_TEXTS : tags,
    client: getText(source),
    limit: getMaybe(source, getNumber),
    deadlineMs: getMaybe(source, getNumber),
    endogenous: getEndogenous(source, models),
    draws: getDraws(source),
  }
}
