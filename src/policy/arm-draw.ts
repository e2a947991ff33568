import { digest } from '../kit/index.js'

/** A session's place in an experiment, in [0, 1): the same for the same session and salt, on any machine and after any restart. */
export function armDraw(salt: string, session: string): number {
  return Number.parseInt(digest(`${salt}\u0000${session}`).slice(0, 12), 16) / 2 ** 48
}
