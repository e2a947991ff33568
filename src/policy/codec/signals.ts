import { NEEDS, type Need } from '../../canonical/index.js'
import type { Signals, Trajectory } from '../../classify/types.js'
import {
  checkFormat,
  ensure,
  finish,
  getByte,
  getNumber,
  getVarint,
  isSameAs,
  newSink,
  putByte,
  putFormat,
  putNumber,
  putVarint,
  type Sink,
  type Source,
  sourceOf,
} from './bytes.js'
import { getDigest, getText, getTexts, putDigest, putText, putTexts } from './text.js'
import { COMPLEXITIES, codeOf, SIDE_KINDS, TASKS, wordOf } from './words.js'

function putNeeds(sink: Sink, needs: readonly Need[]): void {
  putByte(sink, needs.length)
  for (const need of needs) putByte(sink, NEEDS.indexOf(need))
}

const NO_NEEDS: readonly Need[] = []

function getNeeds(source: Source): readonly Need[] {
  let n = getByte(source)
  if (n === 0) return NO_NEEDS
  const needs: Need[] = []
  for (; n > 0; n--) needs.push(NEEDS[getByte(source)]!)
  return needs
}

function putTrajectory(sink: Sink, t: Trajectory): void {
  const flags =
    (t.inToolLoop ? 1 : 0) |
    (t.lastCheckFailed ? 2 : 0) |
    (t.checkRecovered ? 4 : 0) |
    (t.userCorrection ? 8 : 0) |
    (t.userRepeat ? 16 : 0) |
    (t.emptyAnswer ? 32 : 0) |
    (t.refusal ? 64 : 0)
  putByte(sink, flags)
  putVarint(sink, t.userTurns)
  putVarint(sink, t.loopLength)
  putVarint(sink, t.toolErrors)
  putVarint(sink, t.failedChecks)
  putVarint(sink, t.repeatedCalls)
  putVarint(sink, t.sameFileEdits)
  putVarint(sink, t.malformedCalls)
}

function getTrajectory(source: Source): Trajectory {
  const flags = getByte(source)
  return {
    userTurns: getVarint(source),
    loopLength: getVarint(source),
    toolErrors: getVarint(source),
    failedChecks: getVarint(source),
    repeatedCalls: getVarint(source),
    sameFileEdits: getVarint(source),
    malformedCalls: getVarint(source),
    inToolLoop: (flags & 1) !== 0,
    lastCheckFailed: (flags & 2) !== 0,
    checkRecovered: (flags & 4) !== 0,
    userCorrection: (flags & 8) !== 0,
    userRepeat: (flags & 16) !== 0,
    emptyAnswer: (flags & 32) !== 0,
    refusal: (flags & 64) !== 0,
  }
}

interface NamesRead {
  readonly bytes: Buffer
  readonly names: readonly string[]
}

/** Tool names read before, by digest: an agent sends the same list on every turn, and comparing bytes is cheaper than reading them. */
const namesRead = new Map<string, NamesRead>()
const NO_NAMES: readonly string[] = []
const names = newSink()

function putTools(sink: Sink, tools: Signals['tools']): void {
  putVarint(sink, tools.count)
  putDigest(sink, tools.nameDigest)
  names.at = 0
  putTexts(names, tools.names)
  putVarint(sink, names.at)
  ensure(sink, names.at)
  sink.at += names.bytes.copy(sink.bytes, sink.at, 0, names.at)
}

function getNames(source: Source, digest: string): readonly string[] {
  const length = getVarint(source)
  const from = source.at
  source.at = from + length
  if (length === 1) return NO_NAMES
  const known = namesRead.get(digest)
  if (known !== undefined && isSameAs(known.bytes, source.bytes, from, length)) return known.names
  const list = getTexts({ bytes: source.bytes, at: from })
  if (namesRead.size > 1000) namesRead.clear()
  namesRead.set(digest, { bytes: Buffer.from(source.bytes.subarray(from, source.at)), names: list })
  return list
}

function getTools(source: Source): Signals['tools'] {
  const count = getVarint(source)
  const nameDigest = getDigest(source)
  return { count, nameDigest, names: getNames(source, nameDigest) }
}

const NO_REGEX: Readonly<Record<string, boolean>> = {}

function putRegex(sink: Sink, regex: Readonly<Record<string, boolean>>): void {
  const patterns = Object.keys(regex)
  putVarint(sink, patterns.length)
  for (const pattern of patterns) {
    putText(sink, pattern)
    putByte(sink, regex[pattern] === true ? 1 : 0)
  }
}

function getRegex(source: Source): Readonly<Record<string, boolean>> {
  let n = getVarint(source)
  if (n === 0) return NO_REGEX
  const regex: [string, boolean][] = []
  for (; n > 0; n--) regex.push([getText(source), getByte(source) === 1])
  return Object.fromEntries(regex)
}

function getRemote(source: Source): Signals['remote'] {
  const json = getText(source)
  return json === '' ? null : (JSON.parse(json) as Signals['remote'])
}

const sink = newSink()

/** Signals as bytes that decodeSignals() restores exactly. `remote` holds JSON, the only such part; it is rare. */
export function encodeSignals(s: Signals): Uint8Array {
  sink.at = 0
  putFormat(sink)
  putByte(sink, codeOf(TASKS, s.task))
  putByte(sink, codeOf(COMPLEXITIES, s.complexity))
  putByte(sink, s.sideKind === null ? 255 : codeOf(SIDE_KINDS, s.sideKind))
  putNumber(sink, s.difficulty.p)
  putNumber(sink, s.difficulty.logit)
  putNumber(sink, s.difficulty.sd)
  putNumber(sink, s.gain)
  putNumber(sink, s.confidence)
  putNeeds(sink, s.needs)
  putText(sink, s.language)
  putTools(sink, s.tools)
  putTrajectory(sink, s.trajectory)
  putVarint(sink, s.inputTokens)
  putDigest(sink, s.envelope.digest)
  putVarint(sink, s.envelope.tokens)
  putRegex(sink, s.regex)
  putText(sink, s.remote === null ? '' : JSON.stringify(s.remote))
  return finish(sink)
}

export function decodeSignals(bytes: Uint8Array): Signals {
  const source = sourceOf(bytes)
  checkFormat(source)
  const task = wordOf(TASKS, getByte(source))
  const complexity = wordOf(COMPLEXITIES, getByte(source))
  const side = getByte(source)
  return {
    task,
    complexity,
    sideKind: side === 255 ? null : wordOf(SIDE_KINDS, side),
    difficulty: { p: getNumber(source), logit: getNumber(source), sd: getNumber(source) },
    gain: getNumber(source),
    confidence: getNumber(source),
    needs: getNeeds(source),
    language: getText(source),
    tools: getTools(source),
    trajectory: getTrajectory(source),
    inputTokens: getVarint(source),
    envelope: { digest: getDigest(source), tokens: getVarint(source) },
    regex: getRegex(source),
    remote: getRemote(source),
  }
}
