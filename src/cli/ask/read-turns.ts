import type { Interface } from 'node:readline/promises'
import type { Readable } from 'node:stream'

/** A terminal asked to do so marks where a paste begins and ends; Node's readline knows the marks. */
export const MARK_PASTES = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const

/**
 * The user's input, one turn per line, until the input ends. The lines of a marked paste are one turn, together with what is typed after
 * them.
 */
export function readTurns(input: Interface, stdin: Readable): AsyncGenerator<string> {
  const turns: string[] = []
  let held: string[] = []
  let isPasting = false
  let ended = false
  let wake = (): void => {}
  const end = (): void => {
    if (held.length > 0) turns.push(held.join('\n'))
    held = []
    ended = true
    wake()
  }
  stdin.on('keypress', (_text, key?: { readonly name?: string }) => {
    if (key?.name === 'paste-start') isPasting = true
    if (key?.name === 'paste-end') isPasting = false
  })
  input.on('line', (line) => {
    held.push(line)
    if (isPasting) return
    turns.push(held.join('\n'))
    held = []
    wake()
  })
  input.on('close', end)
  async function* read(): AsyncGenerator<string> {
    for (;;) {
      const turn = turns.shift()
      if (turn !== undefined) yield turn
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
  return read()
}
