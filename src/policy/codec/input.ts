import type { ModelRev } from '../../catalog/types.js'
import type { Signals } from '../../classify/types.js'
import {
  ensure,
  Fault,
  finish,
  getVarint,
  newSink,
  packedList,
  putVarint,
  recordHash,
  type Sink,
  type Source,
  skip,
  sourceOf,
} from '../../kit/index.js'
import type { DecideInput, ModelState, ResolvedPolicy, Warm } from '../types.js'
import { getEndogenous, getModel, getWarmOnly, putEndogenous, putModel } from './endogenous.js'
import { fitNarrow, getStates, putStates, skipStates } from './state-words.js'
import { checkFormat, getNumber, getText, isSameAs, NUMBER, putFormat, putNumber, putText, TEXTS } from './values.js'
import { codeOf, KINDS, MODES, wordOf } from './words.js'

/** Resolves stored hashes. Rows are read in bulk, so lookups should be from memory. */
export interface Tables {
  policy(hash: string): ResolvedPolicy | undefined
  modelRev(hash: string): ModelRev | undefined
}

interface Named {
  readonly policy: ResolvedPolicy
  readonly revs: readonly ModelRev[]
}

const HASH_BYTES = 16

function putHashes(sink: Sink, policy: ResolvedPolicy, models: readonly ModelState[]): void {
  putVarint(sink, models.length)
  ensure(sink, (models.length + 1) * HASH_BYTES)
  sink.at += sink.bytes.write(recordHash(policy), sink.at, 'hex')
  for (const m of models) sink.at += sink.bytes.write(recordHash(m.rev), sink.at, 'hex')
}

function look<T>(what: string, bytes: Buffer, at: number, find: (hash: string) => T | undefined): T {
  const hash = bytes.toString('hex', at, at + HASH_BYTES)
  const found = find(hash)
  if (found !== undefined) return found
  throw new Fault('E_LEDGER', `the ledger does not hold ${what} ${hash}`, { hint: 'run `llmroute ledger verify`' })
}

/** Policy and pool of the row read last. Neighbouring rows mostly have the same, and comparing bytes is cheaper than looking them up. */
let last: { readonly bytes: Buffer; readonly tables: Tables; readonly named: Named } | null = null

function getHashes(source: Source, tables: Tables): Named {
  const count = getVarint(source)
  const length = (count + 1) * HASH_BYTES
  const from = skip(source, length)
  const { bytes } = source
  if (last !== null && last.tables === tables && isSameAs(last.bytes, bytes, from, length)) return last.named
  const policy = look('policy', bytes, from, (hash) => tables.policy(hash))
  const revs: ModelRev[] = []
  for (let at = from + HASH_BYTES; at < from + length; at += HASH_BYTES)
    revs.push(look('model revision', bytes, at, (hash) => tables.modelRev(hash)))
  last = { bytes: Buffer.from(bytes.subarray(from, from + length)), tables, named: { policy, revs } }
  return last.named
}

/** Bits that say how to read the rest. */
const BIT = {
  mode: 1,
  kind: 4,
  stream: 8,
  cacheMarks: 16,
  narrow: 32,
  pinned: 64,
  tier: 128,
  limit: 256,
  deadline: 512,
  deadlineOfProfile: 1024,
} as const

function flagsOf(input: DecideInput, isNarrow: boolean): number {
  return (
    codeOf(MODES, input.mode) * BIT.mode +
    codeOf(KINDS, input.kind) * BIT.kind +
    (input.stream ? BIT.stream : 0) +
    (input.cacheMarks ? BIT.cacheMarks : 0) +
    (isNarrow ? BIT.narrow : 0) +
    (input.pinned === null ? 0 : BIT.pinned) +
    (input.tier === null ? 0 : BIT.tier) +
    (input.limit === null ? 0 : BIT.limit) +
    (input.deadlineMs === null ? 0 : BIT.deadline) +
    (input.deadlineOfProfile === true ? BIT.deadlineOfProfile : 0)
  )
}

const DRAWS = packedList(NUMBER)

const sink = newSink()

/** A decision's input as bytes, without the signals (they have their own blob); policy and model revisions by hash. */
export function encodeInput(input: DecideInput): Uint8Array {
  const { models } = input
  const isNarrow = fitNarrow(models)
  sink.at = 0
  putFormat(sink)
  putHashes(sink, input.policy, models)
  putVarint(sink, flagsOf(input, isNarrow))
  putNumber(sink, input.atMs)
  putNumber(sink, input.tzMin)
  putStates(sink, models, isNarrow)
  if (input.pinned !== null) putModel(sink, input.pinned, models)
  if (input.tier !== null) putText(sink, input.tier)
  if (input.limit !== null) putNumber(sink, input.limit)
  if (input.deadlineMs !== null) putNumber(sink, input.deadlineMs)
  TEXTS.write(sink, input.tags)
  putText(sink, input.client)
  putEndogenous(sink, input.endogenous, models)
  DRAWS.write(sink, input.draws)
  return finish(sink)
}

/** Throws E_LEDGER when a hash is unknown or the bytes are of another format. */
export function decodeInput(bytes: Uint8Array, signals: Signals, tables: Tables): DecideInput {
  const source = sourceOf(bytes)
  checkFormat(source)
  const { policy, revs } = getHashes(source, tables)
  const flags = getVarint(source)
  const atMs = getNumber(source)
  const tzMin = getNumber(source)
  const models = getStates(source, revs, (flags & BIT.narrow) !== 0)
  // No part of it is spread: copying one property takes longer than writing out all the others.
  const input: { -readonly [K in keyof DecideInput]: DecideInput[K] } = {
    policy,
    atMs,
    tzMin,
    signals,
    mode: wordOf(MODES, flags & 3),
    kind: wordOf(KINDS, (flags & BIT.kind) === 0 ? 0 : 1),
    stream: (flags & BIT.stream) !== 0,
    cacheMarks: (flags & BIT.cacheMarks) !== 0,
    models,
    pinned: (flags & BIT.pinned) === 0 ? null : getModel(source, revs),
    tier: (flags & BIT.tier) === 0 ? null : getText(source),
    limit: (flags & BIT.limit) === 0 ? null : getNumber(source),
    deadlineMs: (flags & BIT.deadline) === 0 ? null : getNumber(source),
    tags: TEXTS.read(source),
    client: getText(source),
    endogenous: getEndogenous(source, revs),
    draws: DRAWS.read(source),
  }
  if ((flags & BIT.deadlineOfProfile) !== 0) input.deadlineOfProfile = true
  return input
}

/** Only what a decision took to be warm, and the pool: enough to measure a log. Throws as decodeInput() does. */
export function decodeWarm(bytes: Uint8Array, tables: Tables): { readonly pool: readonly ModelRev[]; readonly warm: readonly Warm[] } {
  const source = sourceOf(bytes)
  checkFormat(source)
  const { revs } = getHashes(source, tables)
  const flags = getVarint(source)
  getNumber(source)
  getNumber(source)
  skipStates(source, revs.length, (flags & BIT.narrow) !== 0)
  if ((flags & BIT.pinned) !== 0) getModel(source, revs)
  if ((flags & BIT.tier) !== 0) getText(source)
  if ((flags & BIT.limit) !== 0) getNumber(source)
  if ((flags & BIT.deadline) !== 0) getNumber(source)
  TEXTS.read(source)
  getText(source)
  return { pool: revs, warm: getWarmOnly(source, revs) }
}
