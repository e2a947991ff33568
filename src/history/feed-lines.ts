import { createReadStream } from 'node:fs'
import type { LogReader } from './types.js'

const CHUNK = 1 << 20
const NEWLINE = 10

/** Feeds a file to a reader; stops after every chunk, with the bytes read so far, so that calls can be taken out in between. */
export async function* feedLines(path: string, reader: LogReader, damaged: (line: number, why: string) => void): AsyncGenerator<number> {
  /** What the chunks so far hold of the line that goes on. */
  let pieces: Buffer[] = []
  let n = 0
  let bytes = 0

  function lineEnd(): void {
    const of = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
    pieces = []
    n++
    if (of.length === 0 || (of.length === 1 && of[0] === 13)) return
    try {
      reader.line(of, n)
    } catch (error) {
      damaged(n, error instanceof Error ? error.message : String(error))
    }
  }

  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    // Only now is it known that the last chunk was not the end, at which readers let go of what they hold back.
    if (bytes > 0) yield bytes
    bytes += chunk.length
    let at = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, at)) {
      pieces.push(chunk.subarray(at, end))
      lineEnd()
      at = end + 1
    }
    if (at < chunk.length) pieces.push(chunk.subarray(at))
  }
  if (pieces.length > 0) lineEnd()
  try {
    reader.end()
  } catch (error) {
    damaged(n, error instanceof Error ? error.message : String(error))
  }
  yield bytes
}
