import { fstatSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { isatty } from 'node:tty'

/** A command's input and output, so that tests can run commands without a separate process. */
export interface Io {
  readonly stdin: Readable
  /** A socket is what programs leave open without meaning to; shells make pipes. */
  readonly stdinIs: 'terminal' | 'pipe' | 'socket' | 'nothing'
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Fires once when the user interrupts, or when nobody reads stdout any more; a second interrupt ends the process. */
  readonly interrupted: AbortSignal
  /** True once nobody reads stdout any more (`llmroute ask ... | head -1`), which is no error. */
  readonly readerGone?: () => boolean
}

/** How long a command may take to end a call in flight once nobody reads its output. */
const ENDING_MS = 1000

export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  const interrupt = new AbortController()
  let isWatched = false
  let readerGone = false
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Without stderr nothing can be reported, and nothing else is lost.
      if (error.code !== 'EPIPE') return stream === stdout ? endUnwritten(error) : undefined
      if (!isWatched) process.exit(0)
      readerGone = true
      interrupt.abort()
      setTimeout(() => process.exit(0), ENDING_MS)
    })
  return {
    // Opened on first use: a terminal or pipe that nobody reads from should not keep the process alive.
    get stdin() {
      return stdin
    },
    stdinIs: kindOfStdin(),
    stdout,
    stderr,
    env,
    cwd: process.cwd(),
    readerGone: () => readerGone,
    get interrupted() {
      isWatched = true
      if (process.listenerCount('SIGINT') === 0)
        process.on('SIGINT', () => {
          if (interrupt.signal.aborted) process.exit(130)
          interrupt.abort()
        })
      return interrupt.signal
    },
  }
}

/** The disk of the output is full or gone. */
function endUnwritten(error: NodeJS.ErrnoException): void {
  process.stderr.write(`llmroute: The output cannot be written (${error.code}). Check where it goes, and that there is room.\n`)
  process.exit(1)
}

function kindOfStdin(): Io['stdinIs'] {
  try {
    const stat = fstatSync(0)
    if (stat.isFIFO() || stat.isFile()) return 'pipe'
    if (stat.isSocket()) return 'socket'
    return stat.isCharacterDevice() && isatty(0) ? 'terminal' : 'nothing'
  } catch {
    return 'nothing'
  }
}

/** Writes and waits until a slow reader has taken it or has gone, so that large outputs do not pile up in memory. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.write(text)) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('error', done).off('close', done)
      resolve()
    }
    stream.on('drain', done).on('error', done).on('close', done)
  })
}
