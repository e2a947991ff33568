import { Chalk } from 'chalk'
import type { CallLine } from './snapshot.js'

type Paint = (text: string) => string

/** The monitor's colours by meaning; without colour every meaning is carried by a glyph or a word as well. */
export type Palette = Readonly<ReturnType<typeof palette>>

/** Colour levels as in chalk: 0 none, 1 sixteen colours, 2 256 colours, 3 all. */
export function palette(level: 0 | 1 | 2 | 3) {
  const chalk = new Chalk({ level })
  const rich = level >= 2
  const good: Paint = rich ? chalk.ansi256(78) : chalk.green
  const warn: Paint = rich ? chalk.ansi256(179) : chalk.yellow
  const bad: Paint = rich ? chalk.ansi256(203) : chalk.red
  const faint: Paint = rich ? chalk.ansi256(245) : chalk.dim
  const accent: Paint = rich ? chalk.ansi256(75) : chalk.cyan
  const models: readonly Paint[] = rich
    ? [75, 114, 180, 176, 80, 216, 147, 150].map((code) => chalk.ansi256(code))
    : [chalk.cyan, chalk.green, chalk.yellow, chalk.magenta, chalk.blue]
  const statuses = { running: accent, ok: good, error: bad, cancelled: warn, interrupted: warn }
  return {
    strong: chalk.bold as Paint,
    faint,
    accent,
    money: (rich ? chalk.ansi256(222) : chalk.yellow) as Paint,
    good,
    warn,
    bad,
    selected: chalk.inverse as Paint,
    status: (status: CallLine['status']) => statuses[status],
    difficulty: (p: number) => (p < 0.36 ? good : p < 0.6 ? warn : bad),
    /** The same model has the same colour as long as the pool stays. */
    model: (index: number) => models[index % models.length] ?? accent,
  }
}
