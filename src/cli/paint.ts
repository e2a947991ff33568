import { Chalk, type ChalkInstance } from 'chalk'
import type { Io } from './io.js'

/** Colours for stdout as the environment wants them. FORCE_COLOR wins over NO_COLOR, as in Node itself. */
export function paintFor({ env, stdout }: Io): ChalkInstance {
  return new Chalk({ level: colourLevel(env, stdout.isTTY === true) })
}

/** Cells of a line of stdout: the terminal's, else what COLUMNS says; no limit in a pipe, or where a terminal does not know (0). */
export function widthOf({ env, stdout }: Io): number {
  const named = Number(env.COLUMNS)
  return stdout.columns || (Number.isInteger(named) && named > 0 ? named : Number.POSITIVE_INFINITY)
}

/** How text for people is drawn. */
export interface Look {
  readonly paint: ChalkInstance
  /** Cells of a line. */
  readonly width: number
}

export function lookOf(io: Io): Look {
  return { paint: paintFor(io), width: widthOf(io) }
}

export function colourLevel(env: Io['env'], isTTY: boolean): 0 | 1 | 2 | 3 {
  const forced = env.FORCE_COLOR
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 0 : forced === '2' ? 2 : forced === '3' ? 3 : 1
  if ((env.NO_COLOR ?? '') !== '' || !isTTY || env.TERM === 'dumb') return 0
  if (/truecolor|24bit/i.test(env.COLORTERM ?? '')) return 3
  return /256/.test(env.TERM ?? '') ? 2 : 1
}
