import { Box, Text, useApp, useInput, useStdout } from 'ink'
import { useEffect, useReducer, useRef, useState } from 'react'
import { BodyView } from './body-view.js'
import type { Feed } from './feed.js'
import { headerLines } from './header-lines.js'
import { actionFor, presses } from './keys.js'
import { layoutFor } from './layout.js'
import { fitSegments } from './lines.js'
import { Lines } from './lines-view.js'
import type { Palette } from './palette.js'
import { arrange, INITIAL, reduce, type UiState } from './ui-state.js'
import { usePolling } from './use-polling.js'

interface AppProps {
  readonly feed: Feed
  readonly palette: Palette
}

export function App({ feed, palette }: AppProps): React.JSX.Element {
  const { exit } = useApp()
  const screen = useScreen()
  const [state, dispatch] = useReducer(reduce, INITIAL)
  const { snapshot, failure } = usePolling(feed, state.paused)
  const layout = layoutFor(screen.columns, screen.rows)
  const shown = arrange(snapshot?.calls ?? [], state)

  // Keys may arrive before React has given the handler the newest view; through this they always apply to what is on the screen.
  const latest = useRef({ state, shown, layout })
  latest.current = { state, shown, layout }
  useInput((input, key) => {
    for (const press of presses(input, key)) {
      const now = latest.current
      const action = actionFor(press.input, press.key, now.state, now.shown, Math.max(1, now.layout.table - 2))
      if (action === 'quit') return exit()
      if (action === null) continue
      latest.current = { ...now, state: reduce(now.state, action) }
      dispatch(action)
    }
  })
  // A failure that lasts ends the monitor with its reason rather than showing old figures as if they were live.
  useEffect(() => {
    if (failure !== null) exit(failure)
  }, [failure, exit])

  if (snapshot === null) return <Text>{palette.faint('reading the ledger…')}</Text>
  return (
    <Box flexDirection="column" width={layout.width} height={layout.height}>
      <Lines lines={headerLines(snapshot, layout.width, palette)} height={layout.header} />
      {layout.header > 0 && <Lines lines={[palette.faint('─'.repeat(layout.width))]} height={1} />}
      <BodyView snapshot={snapshot} shown={shown} state={state} layout={layout} feed={feed} palette={palette} />
      <Lines lines={[keyLine(state, layout.width, palette)]} height={layout.keys} />
    </Box>
  )
}

function keyLine(state: UiState, width: number, palette: Palette): string {
  if (state.typing) return fitSegments([{ text: `/${state.filter}█`, rank: 0, paint: palette.accent }], width)
  const back = state.view === 'calls' ? [] : [{ text: 'esc back', rank: 1 }]
  return fitSegments(
    [
      { text: state.paused ? 'PAUSED' : '', rank: 0, paint: palette.warn },
      { text: state.filter === '' ? '' : `/${state.filter}`, rank: 1, paint: palette.accent },
      { text: state.sort === 'newest' ? '' : `by ${state.sort}`, rank: 1, paint: palette.accent },
      ...back,
      { text: '↑↓ select', rank: 6, paint: palette.faint },
      { text: '⏎ why', rank: 5, paint: palette.faint },
      { text: '/ filter', rank: 7, paint: palette.faint },
      { text: 'p pause', rank: 8, paint: palette.faint },
      { text: 's sort', rank: 9, paint: palette.faint },
      { text: 'w what if', rank: 4, paint: palette.faint },
      { text: '? help', rank: 3, paint: palette.faint },
      { text: 'q quit', rank: 2, paint: palette.faint },
    ],
    width,
  )
}

/** The terminal's size, now and after every resize. */
function useScreen(): ReturnType<typeof sizeOf> {
  const { stdout } = useStdout()
  const [screen, setScreen] = useState(() => sizeOf(stdout))
  useEffect(() => {
    const resized = (): void => setScreen(sizeOf(stdout))
    stdout.on('resize', resized)
    return () => {
      stdout.off('resize', resized)
    }
  }, [stdout])
  return screen
}

function sizeOf(stdout: { columns?: number; rows?: number }) {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 }
}
