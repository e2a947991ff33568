import type { Interface } from 'node:readline/promises'
import { Readable } from 'node:stream'

/** A terminal asked to do so marks where a paste begins and ends; Node's readline knows the marks. */
export const MARK_PASTES = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const

/**
 * The user's input, one turn per line, until the input ends. The lines of a marked paste are one turn, together with what is typed after
 * them.
 */
export function readTurns(input: Interface, stdin: Readable): AsyncIterable<string> {
  const turns = new Readable({ objectMode: true, read: () => {} })
  let held: string[] = []
  let isPasting = false
  let ended = false
  const endTurn = (): void => {
    turns.push(held.join('\n'))
    held = []
  }
  stdin.on('keypress', (_text, key?: { readonly name?: string }) => {
    if (key?.name === 'paste-start') isPasting = true
    if (key?.name === 'paste-end') isPasting = false
  })
  input.on('line', (line) => {
    if (ended) return
    held.push(line)
    if (!isPasting) endTurn()
  })
  input.on('close', () => {
    if (held.length > 0) endTurn()
    ended = true
    turns.push(null)
  })
  return turns
}
