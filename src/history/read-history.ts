import { closeSync, openSync, readSync } from 'node:fs'
import { hash53 } from '../kit/index.js'
import { feedLines } from './feed-lines.js'
import type { HistoryFile } from './find-history.js'
import { openClaudeCode } from './readers/claude-code.js'
import { openCodex } from './readers/codex.js'
import { openGeminiCli } from './readers/gemini-cli.js'
import { openJsonl } from './readers/jsonl.js'
import { openLitellm } from './readers/litellm.js'
import { openOpenrouter } from './readers/openrouter.js'
import { openPi } from './readers/pi.js'
import { openQwen } from './readers/qwen.js'
import type { Damage, HistoryCall, HistorySource, OpenReader, Seen } from './types.js'

const READERS: Readonly<Record<HistorySource, OpenReader>> = {
  'claude-code': openClaudeCode,
  codex: openCodex,
  'gemini-cli': openGeminiCli,
  qwen: openQwen,
  pi: openPi,
  litellm: openLitellm,
  openrouter: openOpenrouter,
  jsonl: openJsonl,
}

export interface ReadOptions {
  /** Calls before this moment are left out, and files last written before it not even opened. Milliseconds. */
  readonly since?: number
  readonly until?: number
  readonly onDamage?: (damage: Damage) => void
  /** Bytes read so far in all files. */
  readonly onProgress?: (bytes: number) => void
}

/**
 * Reads log files as calls in chronological order, several at once where sessions overlapped, never a complete file into memory. Calls of
 * one file may be out of order where a side-chain ran for longer than a megabyte of log.
 */
export async function* readHistory(
  source: HistorySource,
  files: readonly HistoryFile[],
  options: ReadOptions = {},
): AsyncGenerator<HistoryCall> {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = options
  const waiting = files
    .filter((file) => file.modifiedMs >= since)
    .map((file) => ({ file, startMs: firstTime(file.path) }))
    .sort((a, b) => a.startMs - b.startMs)
  const seen = openSeenKeys()
  const open: OpenFile[] = []
  let bytes = 0

  function openNext(): void {
    const next = waiting.shift()
    if (next === undefined) return
    const file = startFile(next.file.path)
    if (advance(file)) open.push(file)
  }

  function startFile(path: string): OpenFile {
    const calls: HistoryCall[] = []
    const damaged = (line: number, why: string) => options.onDamage?.({ file: path, line, why })
    const reader = READERS[source]({ file: path, emit: (call) => calls.push(call), damaged, seen })
    return { calls, at: 0, chunks: feedLines(path, reader, damaged), bytes: 0 }
  }

  /** Makes sure the file has a next call; false at its end. */
  function advance(file: OpenFile): boolean {
    while (file.at >= file.calls.length) {
      file.calls.length = 0
      file.at = 0
      const { value, done } = file.chunks.next()
      if (done) return false
      bytes += value - file.bytes
      file.bytes = value
      options.onProgress?.(bytes)
      // Side-chains are logged in between, and an answer is known to be complete only when its conversation continues.
      file.calls.sort((a, b) => a.atMs - b.atMs)
    }
    return true
  }

  for (;;) {
    const first = earliest(open)
    // Files that may hold something earlier come first; each is opened when its time has come.
    if (waiting.length > 0 && (first === null || (waiting[0]?.startMs ?? 0) <= headMs(first))) {
      openNext()
      continue
    }
    if (first === null) return
    const call = first.calls[first.at++]!
    if (call.atMs >= since && call.atMs < until) yield call
    if (first.at >= first.calls.length && !advance(first)) open.splice(open.indexOf(first), 1)
  }
}

interface OpenFile {
  readonly calls: HistoryCall[]
  at: number
  readonly chunks: Generator<number>
  bytes: number
}

function headMs(file: OpenFile): number {
  return file.calls[file.at]?.atMs ?? Number.POSITIVE_INFINITY
}

function earliest(files: readonly OpenFile[]): OpenFile | null {
  let best: OpenFile | null = null
  for (const file of files) if (best === null || headMs(file) < headMs(best)) best = file
  return best
}

/** Bytes read to find a file's first time, initially and at most: a session may begin with a long attachment. */
const HEAD = 16_384
const LONGEST_HEAD = 1 << 20

/** The first moment that stands by itself in a log, not in a text; one that has none at its beginning, as some tables have, is read from the start. */
function firstTime(path: string): number {
  const fd = openSync(path, 'r')
  try {
    for (let length = HEAD; length <= LONGEST_HEAD; length *= 4) {
      const head = Buffer.allocUnsafe(length)
      const read = readSync(fd, head, 0, length, 0)
      const time = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"/.exec(head.toString('latin1', 0, read))?.[1]
      if (time !== undefined) return Date.parse(time)
      if (read < length) break
    }
    return Number.NEGATIVE_INFINITY
  } finally {
    closeSync(fd)
  }
}

/** A set of texts kept as 53-bit hashes: a million keys take a few dozen megabytes and have a collision among them with a chance of 1 in 18,000. */
function openSeenKeys(): Seen {
  const hashes = new Set<number>()
  return { has: (key) => hashes.has(hash53(key)), add: (key) => void hashes.add(hash53(key)) }
}
