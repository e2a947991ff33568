import { closeSync, openSync, readSync } from 'node:fs'
import { asFault } from '../kit/index.js'
import type { LogReader } from './types.js'

const CHUNK = 1 << 20
const NEWLINE = 10
/** Editors of Windows begin a file with it. */
const MARK = Buffer.from('\ufeff')

/**
 * Feeds a file to a reader; stops after every chunk, with the bytes read so far, so that calls can be taken out in between. It blocks while
 * it reads: most logs are small, and a stream's round trips to other threads take longer than the reading.
 */
export function* feedLines(path: string, reader: LogReader, damaged: (line: number, why: string) => void): Generator<number> {
  /** The chunks so far of an incomplete line. */
  let pieces: Buffer[] = []
  let n = 0
  let bytes = 0
  const withoutMark = (line: Buffer): Buffer => (n === 0 && line.subarray(0, 3).equals(MARK) ? line.subarray(3) : line)

  function lineEnd(): void {
    const of = withoutMark(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces))
    pieces = []
    n++
    if (of.length === 0 || (of.length === 1 && of[0] === 13)) return
    try {
      reader.line(of, n)
    } catch (error) {
      damaged(n, asFault(error).message)
    }
  }

  for (const chunk of chunksOf(path)) {
    // Only now is it known that the last chunk was not the end, at which readers release what they hold back.
    if (bytes > 0) yield bytes
    bytes += chunk.length
    let at = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
      pieces.push(chunk.subarray(at, end))
      lineEnd()
      at = end + 1
    }
    // A copy: the next chunk is read into the same buffer.
    if (at < chunk.length) pieces.push(Buffer.from(chunk.subarray(at)))
  }
  if (pieces.length > 0) lineEnd()
  try {
    reader.end()
  } catch (error) {
    damaged(n, asFault(error).message)
  }
  yield bytes
}

/** Buffers that no file is read into at the moment: the system clears the pages of new ones, which takes longer than reading into them. */
const free: Buffer[] = []
const MOST_FREE = 4

/** Each chunk is valid until the next one is asked for. */
function* chunksOf(path: string): Generator<Buffer> {
  const fd = openSync(path, 'r')
  const chunk = free.pop() ?? Buffer.allocUnsafeSlow(CHUNK)
  try {
    for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk)) yield chunk.subarray(0, length)
  } finally {
    closeSync(fd)
    if (free.length < MOST_FREE) free.push(chunk)
  }
}
