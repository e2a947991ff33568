import { cutCells } from '../kit/cell-width.js'
import type { Cli } from './cli.js'

export type ProgressBar = ReturnType<typeof progressBar>

const WIDTH = 24
/** Work that is done sooner needs no bar. */
const PATIENCE_MS = 1000
const REDRAW_MS = 100

/** A bar on stderr, on terminals only and after a second of work. */
export function progressBar({ io: { stderr } }: Cli, now: () => number = Date.now) {
  const began = now()
  let drawn = 0
  return {
    show(share: number, text: string): void {
      const at = now()
      if (stderr.isTTY !== true || at - began < PATIENCE_MS || at - drawn < REDRAW_MS) return
      drawn = at
      const full = Math.round(Math.min(1, share) * WIDTH)
      const line = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${(share * 100).toFixed(0).padStart(3)}% ${text}`
      // Of a line that wraps, only the last row would be drawn over.
      stderr.write(`\r\u001b[K${cutCells(line, (stderr.columns || Number.POSITIVE_INFINITY) - 1)}`)
    },
    end(): void {
      if (drawn > 0) stderr.write('\r\u001b[K')
    },
  }
}
