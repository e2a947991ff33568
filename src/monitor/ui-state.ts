import type { CallLine } from './snapshot.js'

const SORTS = ['newest', 'dearest', 'slowest', 'hardest'] as const
type Sort = (typeof SORTS)[number]

/** The user's settings: which view, what is selected, how the list is filtered. */
export interface UiState {
  readonly view: 'calls' | 'explain' | 'what-if' | 'help'
  /** Id of the selected call; null follows the top of the list. */
  readonly selected: string | null
  readonly filter: string
  readonly typing: boolean
  /** Calls shown stay as they were when this was set. */
  readonly paused: boolean
  readonly sort: Sort
}

export const INITIAL: UiState = { view: 'calls', selected: null, filter: '', typing: false, paused: false, sort: 'newest' }

export type Action =
  | { readonly type: 'move'; readonly by: number; readonly shown: readonly CallLine[] }
  | { readonly type: 'open'; readonly view: UiState['view']; readonly shown: readonly CallLine[] }
  | { readonly type: 'back' }
  | { readonly type: 'type'; readonly filter: string }
  | { readonly type: 'typed' }
  | { readonly type: 'pause' }
  | { readonly type: 'sort' }

export function reduce(state: UiState, action: Action): UiState {
  switch (action.type) {
    case 'move': {
      const at = Math.max(0, indexOf(state.selected, action.shown))
      const to = Math.min(action.shown.length - 1, Math.max(0, at + action.by))
      return { ...state, selected: to <= 0 && action.by < 0 ? null : (action.shown[to]?.id ?? null) }
    }
    case 'open':
      return state.view === action.view
        ? { ...state, view: 'calls' }
        : {
            ...state,
            view: action.view,
            selected: action.view === 'explain' ? (state.selected ?? action.shown[0]?.id ?? null) : state.selected,
          }
    case 'back':
      return state.view === 'calls' ? { ...state, filter: '', typing: false, selected: null } : { ...state, view: 'calls' }
    case 'type':
      return { ...state, typing: true, filter: action.filter, selected: null }
    case 'typed':
      return { ...state, typing: false }
    case 'pause':
      return { ...state, paused: !state.paused }
    case 'sort':
      return { ...state, sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length] ?? 'newest', selected: null }
  }
}

export function indexOf(id: string | null, shown: readonly CallLine[]): number {
  return id === null ? -1 : shown.findIndex((call) => call.id === id)
}

/** Calls that match the filter, in the order asked for. Words of the filter must all occur somewhere in the line. */
export function arrange(calls: readonly CallLine[], { filter, sort }: Pick<UiState, 'filter' | 'sort'>): readonly CallLine[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const matching = words.length === 0 ? calls : calls.filter((call) => words.every((word) => haystack(call).includes(word)))
  switch (sort) {
    case 'newest':
      return matching
    case 'dearest':
      return matching.toSorted((a, b) => (b.costNano ?? -1) - (a.costNano ?? -1))
    case 'slowest':
      return matching.toSorted((a, b) => (b.latencyMs ?? -1) - (a.latencyMs ?? -1))
    case 'hardest':
      return matching.toSorted((a, b) => b.difficulty - a.difficulty)
  }
}

function haystack(call: CallLine): string {
  return [call.id, call.status, call.model, call.task, call.complexity, call.client, call.profile, call.session, call.reason, call.error]
    .join(' ')
    .toLowerCase()
}
