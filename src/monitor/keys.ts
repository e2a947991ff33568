import type { Key } from 'ink'
import type { CallLine } from './snapshot.js'
import type { Action, UiState } from './ui-state.js'

export const KEYS = [
  ['↑ ↓', 'select a call (k, j, page up, page down)'],
  ['enter', 'why that model was chosen'],
  ['/', 'filter by any word: a model, a task, a client, error'],
  ['p', 'pause the list'],
  ['s', 'sort: newest, dearest, slowest, hardest'],
  ['w', 'what if: turn the weights, see the last 24 hours decided again'],
  ['esc', 'back; clears filter and selection'],
  ['?', 'this help'],
  ['q', 'quit'],
] as const

/** Keys that are characters to a terminal; Ink names them only when they arrive alone. */
const NAMED: Readonly<Record<string, Partial<Key>>> = {
  '\r': { return: true },
  '\t': { tab: true },
  '\b': { backspace: true },
  '\u007f': { backspace: true },
}

/** Keys pressed faster than they are read, or held down, arrive as one text; each of its characters is a press. */
export function presses(input: string, key: Key): readonly { readonly input: string; readonly key: Key }[] {
  if (input.length < 2 || key.ctrl || key.meta) return [{ input, key }]
  return [...input].map((one) => {
    if (one === '\u0003') return { input: 'c', key: { ...key, ctrl: true } }
    return one in NAMED ? { input: '', key: { ...key, ...NAMED[one] } } : { input: one, key }
  })
}

/** The meaning of a key press in the present state; `quit` ends the program, null means nothing. */
export function actionFor(input: string, key: Key, state: UiState, shown: readonly CallLine[], page: number): Action | 'quit' | null {
  if (key.ctrl && input === 'c') return 'quit'
  if (state.typing) return whileTyping(input, key, state)
  const move = (by: number): Action => ({ type: 'move', by, shown })
  if (key.upArrow || input === 'k') return move(-1)
  if (key.downArrow || input === 'j') return move(state.selected === null ? 0 : 1)
  if (key.pageUp) return move(-page)
  if (key.pageDown) return move(page)
  if (key.return) return { type: 'open', view: 'explain', shown }
  if (key.escape) return { type: 'back' }
  switch (input) {
    case 'q':
      return 'quit'
    case '/':
      return { type: 'type', filter: '' }
    case 'p':
      return { type: 'pause' }
    case 's':
      return { type: 'sort' }
    case 'w':
      return { type: 'open', view: 'what-if', shown }
    case '?':
      return { type: 'open', view: 'help', shown }
    default:
      return null
  }
}

function whileTyping(input: string, key: Key, { filter }: UiState): Action | null {
  if (key.return) return { type: 'typed' }
  if (key.escape) return { type: 'back' }
  if (key.backspace || key.delete) return { type: 'type', filter: [...filter].slice(0, -1).join('') }
  if (key.ctrl || key.meta || input === '' || /[\p{Cc}]/u.test(input)) return null
  return { type: 'type', filter: filter + input }
}
