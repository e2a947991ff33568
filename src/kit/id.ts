import * as crypto from 'node:crypto'
import { decodeTime, monotonicFactory } from 'ulid'
import { entry } from './maps.js'

/** Random bytes drawn ahead: asking the system for each of an id's sixteen characters takes longer than routing a call. */
const ahead = Buffer.alloc(4096)
let used = ahead.length

function uniform(): number {
  if (used === ahead.length) {
    crypto.randomFillSync(ahead)
    used = 0
  }
  return ahead[used++]! / 256
}

const next = monotonicFactory(uniform)

/** A new ULID: sortable by time, unique within and across processes. */
export function newId(nowMs?: number): string {
  return next(nowMs)
}

/** When an id was made, milliseconds since the epoch. */
export function timeOfId(id: string): number {
  return decodeTime(id)
}

/** First 128 bits of SHA-256, hex: the name of a policy, a model revision, a message or a prefix in the ledger. */
export function digest(text: string | Uint8Array): string {
  return sha256(text).slice(0, 32)
}

/** The one-shot call, where Node has it, takes half the time. */
const sha256: (text: string | Uint8Array) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'hex')
    : (text) => crypto.createHash('sha256').update(text).digest('hex')

const hashes = new WeakMap<object, string>()

/** Name of a policy or a model revision in the ledger: equal content, equal hash. Remembered per object, which must not change afterwards. */
export function recordHash(record: object): string {
  return entry(hashes, record, (own) => digest(stableJson(own)))
}

/** JSON with object keys sorted at every depth, so that equal values have equal digests. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : v,
  )
}
