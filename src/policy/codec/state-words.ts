import type { ModelRev } from '../../catalog/types.js'
import { ensure, type Sink, type Source, skip } from '../../kit/index.js'
import type { ModelState } from '../types.js'
import { BREAKERS, codeOf, wordOf } from './words.js'

/**
 * What is known about the models, in fixed-size words that are read without a branch: this is most of a record. modelStates() rounds to
 * whole microseconds and millionths, which fit 32 bits; anything else takes 64, exactly. Little-endian, as on all of Node's platforms.
 */
const WORDS = 9
const GRID = 1e6
const UNKNOWN = -1

/** Room for the models of one record; a pool of more is written in 64-bit words, which grow. */
let room = new ArrayBuffer(64 * WORDS * 8)
let narrow = new Int32Array(room)
let wide = new Float64Array(room)
let raw = Buffer.from(room)

function reach(bytes: number): void {
  if (bytes <= room.byteLength) return
  room = new ArrayBuffer(bytes * 2)
  narrow = new Int32Array(room)
  wide = new Float64Array(room)
  raw = Buffer.from(room)
}

function isWhole(x: number): boolean {
  return (x | 0) === x && !Object.is(x, -0)
}

function isMillionths(x: number): boolean {
  const scaled = Math.round(x * GRID)
  return (scaled | 0) === scaled && scaled / GRID === x && !Object.is(x, -0)
}

function fitsNarrow(m: ModelState): boolean {
  return (
    isWhole(m.ttftUs) &&
    isWhole(m.usPerToken) &&
    isWhole(m.expectedOut) &&
    (m.laterOut === undefined || (m.laterOut >= 0 && isWhole(m.laterOut))) &&
    isMillionths(m.tokenizerRatio) &&
    isMillionths(m.ability) &&
    isMillionths(m.abilitySd) &&
    (m.quotaLeft === null || (m.quotaLeft >= 0 && isMillionths(m.quotaLeft)))
  )
}

export function fitNarrow(models: readonly ModelState[]): boolean {
  return models.every(fitsNarrow)
}

function putAll(models: readonly ModelState[], words: Int32Array | Float64Array, grid: number): void {
  let at = 0
  for (const m of models) {
    words[at++] = codeOf(BREAKERS, m.breaker)
    words[at++] = m.quotaLeft === null ? UNKNOWN : toWord(m.quotaLeft, grid)
    words[at++] = m.ttftUs
    words[at++] = m.usPerToken
    words[at++] = m.expectedOut
    words[at++] = m.laterOut ?? UNKNOWN
    words[at++] = toWord(m.tokenizerRatio, grid)
    words[at++] = toWord(m.ability, grid)
    words[at++] = toWord(m.abilitySd, grid)
  }
}

function toWord(x: number, grid: number): number {
  return grid === 1 ? x : Math.round(x * grid)
}

export function putStates(sink: Sink, models: readonly ModelState[], isNarrow: boolean): void {
  const length = models.length * WORDS * (isNarrow ? 4 : 8)
  reach(models.length * WORDS * 8)
  if (isNarrow) putAll(models, narrow, GRID)
  else putAll(models, wide, 1)
  ensure(sink, length)
  raw.copy(sink.bytes, sink.at, 0, length)
  sink.at += length
}

function stateAt(rev: ModelRev, words: Int32Array | Float64Array, at: number, grid: number): ModelState {
  const quota = words[at + 1]!
  const laterOut = words[at + 5]!
  const state: { -readonly [K in keyof ModelState]: ModelState[K] } = {
    rev,
    breaker: wordOf(BREAKERS, words[at]!),
    quotaLeft: quota === UNKNOWN ? null : quota / grid,
    ttftUs: words[at + 2]!,
    usPerToken: words[at + 3]!,
    expectedOut: words[at + 4]!,
    tokenizerRatio: words[at + 6]! / grid,
    ability: words[at + 7]! / grid,
    abilitySd: words[at + 8]! / grid,
  }
  if (laterOut !== UNKNOWN) state.laterOut = laterOut
  return state
}

/** Byte by byte: the native copy of a few dozen words takes ten times as long to call as to do. */
function readNarrow(bytes: Buffer, from: number, words: number): void {
  for (let i = 0, at = from; i < words; i++, at += 4)
    narrow[i] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** Steps over the states of so many models and says where they began. */
export function skipStates(source: Source, models: number, isNarrow: boolean): number {
  return skip(source, models * WORDS * (isNarrow ? 4 : 8))
}

export function getStates(source: Source, revs: readonly ModelRev[], isNarrow: boolean): ModelState[] {
  reach(revs.length * WORDS * 8)
  const from = skipStates(source, revs.length, isNarrow)
  if (isNarrow) readNarrow(source.bytes, from, revs.length * WORDS)
  else source.bytes.copy(raw, 0, from, source.at)
  const models: ModelState[] = []
  for (let i = 0; i < revs.length; i++) {
    models.push(isNarrow ? stateAt(revs[i]!, narrow, i * WORDS, GRID) : stateAt(revs[i]!, wide, i * WORDS, 1))
  }
  return models
}
