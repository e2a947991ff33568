import { fstatSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { isatty } from 'node:tty'

/** Where a command reads and writes, so that tests can run commands without a process of their own. */
export interface Io {
  readonly stdin: Readable
  /** A socket is what programs leave open without meaning to; shells make pipes. */
  readonly stdinIs: 'terminal' | 'pipe' | 'socket' | 'nothing'
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Fires once when the person interrupts; a second time ends the process. */
  readonly interrupted: AbortSignal
}

export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  // A reader that went away (`llmroute log | head`) is no error.
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  const interrupt = new AbortController()
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
    get interrupted() {
      if (process.listenerCount('SIGINT') === 0)
        process.on('SIGINT', () => {
          if (interrupt.signal.aborted) process.exit(130)
          interrupt.abort()
        })
      return interrupt.signal
    },
  }
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

/** Writes and waits until a slow reader has taken it, so that large outputs do not pile up in memory. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', resolve))
}
