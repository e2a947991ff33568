import { NEEDS, type Need } from '../../canonical/index.js'
import type { Signals, Trajectory } from '../../classify/types.js'
import {
  COUNT,
  ensure,
  finish,
  getByte,
  getVarint,
  newSink,
  type Packing,
  packedList,
  packedRow,
  putByte,
  putVarint,
  type Source,
  sourceOf,
} from '../../kit/index.js'
import { checkFormat, DIGEST, isSameAs, NUMBER, putFormat, TEXT, TEXTS } from './values.js'
import { COMPLEXITIES, codeOf, SIDE_KINDS, TASKS, wordIn, wordOf } from './words.js'

const NEED: Packing<Need> = {
  write: (sink, need) => putByte(sink, NEEDS.indexOf(need)),
  read: (source) => NEEDS[getByte(source)]!,
}

const NO_SIDE_KIND = 255

/** Has a bit in a byte before the row, the first flag the lowest. */
const FLAG: Packing<boolean> = { write() {}, read: () => false }
const FLAGS = ['inToolLoop', 'lastCheckFailed', 'checkRecovered', 'userCorrection', 'userRepeat', 'emptyAnswer', 'refusal'] as const

const TURNS = packedRow<{ -readonly [K in keyof Trajectory]: Trajectory[K] }>({
  userTurns: COUNT,
  loopLength: COUNT,
  toolErrors: COUNT,
  failedChecks: COUNT,
  repeatedCalls: COUNT,
  sameFileEdits: COUNT,
  malformedCalls: COUNT,
  inToolLoop: FLAG,
  lastCheckFailed: FLAG,
  checkRecovered: FLAG,
  userCorrection: FLAG,
  userRepeat: FLAG,
  emptyAnswer: FLAG,
  refusal: FLAG,
})

const TRAJECTORY: Packing<Trajectory> = {
  write(sink, trajectory) {
    const bits = FLAGS.reduce((set, flag, i) => (trajectory[flag] ? set | (1 << i) : set), 0)
    putByte(sink, bits)
    TURNS.write(sink, trajectory)
  },
  read(source) {
    const bits = getByte(source)
    const trajectory = TURNS.read(source)
    for (let i = 0; i < FLAGS.length; i++) trajectory[FLAGS[i]!] = (bits & (1 << i)) !== 0
    return trajectory
  },
}

interface NamesRead {
  readonly bytes: Buffer
  readonly names: readonly string[]
}

/** Tool names read before, by digest: an agent sends the same list on every turn, and comparing bytes is cheaper than reading them. */
const namesRead = new Map<string, NamesRead>()
const NO_NAMES: readonly string[] = []
const names = newSink()

function getNames(source: Source, digest: string): readonly string[] {
  const length = getVarint(source)
  const from = source.at
  source.at = from + length
  if (length === 1) return NO_NAMES
  const known = namesRead.get(digest)
  if (known !== undefined && isSameAs(known.bytes, source.bytes, from, length)) return known.names
  const list = TEXTS.read({ bytes: source.bytes, at: from })
  if (namesRead.size > 1000) namesRead.clear()
  namesRead.set(digest, { bytes: Buffer.from(source.bytes.subarray(from, source.at)), names: list })
  return list
}

const TOOLS: Packing<Signals['tools']> = {
  write(sink, tools) {
    COUNT.write(sink, tools.count)
    DIGEST.write(sink, tools.nameDigest)
    names.at = 0
    TEXTS.write(names, tools.names)
    putVarint(sink, names.at)
    ensure(sink, names.at)
    sink.at += names.bytes.copy(sink.bytes, sink.at, 0, names.at)
  },
  read(source) {
    const count = COUNT.read(source)
    const nameDigest = DIGEST.read(source)
    return { count, nameDigest, names: getNames(source, nameDigest) }
  },
}

const MATCHES = packedList(packedRow({ pattern: TEXT, byte: { write: putByte, read: getByte } }))

const REGEX: Packing<Signals['regex']> = {
  write(sink, regex) {
    MATCHES.write(
      sink,
      Object.entries(regex).map(([pattern, matches]) => ({ pattern, byte: matches ? 1 : 0 })),
    )
  },
  read: (source) => Object.fromEntries(MATCHES.read(source).map(({ pattern, byte }) => [pattern, byte === 1])),
}

const SIGNALS = packedRow<Signals>({
  task: wordIn(TASKS),
  complexity: wordIn(COMPLEXITIES),
  sideKind: {
    write: (sink, kind) => (kind === null ? putByte(sink, NO_SIDE_KIND) : putByte(sink, codeOf(SIDE_KINDS, kind))),
    read(source) {
      const code = getByte(source)
      return code === NO_SIDE_KIND ? null : wordOf(SIDE_KINDS, code)
    },
  },
  difficulty: packedRow({ p: NUMBER, logit: NUMBER, sd: NUMBER }),
  gain: NUMBER,
  confidence: NUMBER,
  needs: packedList(NEED),
  language: TEXT,
  tools: TOOLS,
  trajectory: TRAJECTORY,
  inputTokens: COUNT,
  envelope: packedRow({ digest: DIGEST, tokens: COUNT }),
  regex: REGEX,
  // JSON, as it is rare.
  remote: {
    write: (sink, remote) => TEXT.write(sink, remote === null ? '' : JSON.stringify(remote)),
    read(source) {
      const json = TEXT.read(source)
      return json === '' ? null : (JSON.parse(json) as Signals['remote'])
    },
  },
})

const sink = newSink()

/** Signals as bytes that decodeSignals() restores exactly. */
export function encodeSignals(signals: Signals): Uint8Array {
  sink.at = 0
  putFormat(sink)
  SIGNALS.write(sink, signals)
  return finish(sink)
}

export function decodeSignals(bytes: Uint8Array): Signals {
  const source = sourceOf(bytes)
  checkFormat(source)
  return SIGNALS.read(source)
}
