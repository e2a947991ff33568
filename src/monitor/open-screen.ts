import { EventEmitter } from 'node:events'
import { cellWidth } from '../kit/index.js'

/** The drawing surface: the complete terminal, written to only where it changes. */
interface Screen {
  /** For Ink in debug mode, in which every write is a whole frame. */
  readonly stdout: NodeJS.WriteStream
  close(): void
}

/** Alternate screen, so that what the terminal showed before comes back; cursor hidden, no line wrap. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J'
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'
/** Synchronized output: a terminal that knows it shows a frame at once, others ignore it. */
const BEGIN = '\u001b[?2026h'
const END = '\u001b[?2026l'

/**
 * Ink's own incremental output (6.8) moves the cursor one line too far below when a frame leaves the last row free, and clears the whole
 * terminal when it does not. Lines are compared here instead, and changed ones written at their place.
 */
export function openScreen(terminal: NodeJS.WriteStream): Screen {
  let shown: readonly string[] = []
  let open = true
  const draw = (frame: string): boolean => {
    if (!open) return true
    const lines = frame.split('\n').slice(0, terminal.rows || undefined)
    const changes = lines.map((line, at) => (line === shown[at] ? '' : placed(line, at, terminal.columns))).join('')
    const surplus = shown.length > lines.length ? `\u001b[${lines.length + 1};1H\u001b[J` : ''
    shown = lines
    return changes + surplus === '' || terminal.write(BEGIN + changes + surplus + END)
  }
  const emitter = new EventEmitter()
  const resized = (): void => {
    // What a terminal does with its cells on a resize varies: everything is redrawn.
    shown = []
    terminal.write('\u001b[2J')
    emitter.emit('resize')
  }
  terminal.on('resize', resized)
  terminal.write(ENTER)
  const stdout = Object.assign(emitter, {
    isTTY: true,
    write: (chunk: string | Uint8Array) => draw(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')),
  })
  Object.defineProperties(stdout, { columns: { get: () => terminal.columns }, rows: { get: () => terminal.rows } })
  return {
    stdout: stdout as unknown as NodeJS.WriteStream,
    close() {
      open = false
      terminal.off('resize', resized)
      terminal.write(LEAVE)
    },
  }
}

/** A full line is not followed by an erase: the cursor still stands on its last cell. */
function placed(line: string, at: number, columns: number): string {
  return `\u001b[${at + 1};1H${line}\u001b[0m${cellWidth(line) < columns ? '\u001b[K' : ''}`
}
