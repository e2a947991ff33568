import { Box } from 'ink'
import { tableLines } from './call-table.js'
import type { Feed } from './feed.js'
import { KEYS } from './keys.js'
import type { Layout } from './layout.js'
import { fitLines } from './lines.js'
import { Lines } from './lines-view.js'
import type { Palette } from './palette.js'
import { modelLines, sessionLines, trendLines } from './pane-lines.js'
import type { CallLine, Snapshot } from './snapshot.js'
import { indexOf, type UiState } from './ui-state.js'
import { WhatIfView } from './what-if-view.js'

interface BodyProps {
  readonly snapshot: Snapshot
  readonly shown: readonly CallLine[]
  readonly state: UiState
  readonly layout: Layout
  readonly feed: Feed
  readonly palette: Palette
}

export function BodyView({ snapshot, shown, state, layout, feed, palette }: BodyProps): React.JSX.Element {
  const whole = layout.table + (layout.below === 0 ? 0 : layout.below + 1)
  switch (state.view) {
    case 'help':
      return <Lines lines={fitLines(helpLines(palette), layout.width, 7)} height={whole} />
    case 'explain':
      return <Lines lines={state.selected === null ? ['No call yet.'] : feed.explain(state.selected, layout.width)} height={whole} />
    case 'what-if':
      return <WhatIfView feed={feed} height={whole} width={layout.width} palette={palette} />
    case 'calls': {
      const table =
        shown.length === 0
          ? fitLines([palette.faint(emptyLine(state))], layout.tableWidth)
          : tableLines(shown, { width: layout.tableWidth, height: layout.table, selected: indexOf(state.selected, shown) }, palette)
      return (
        <Box flexDirection={layout.side > 0 ? 'row' : 'column'} columnGap={2} rowGap={1}>
          <Box width={layout.tableWidth}>
            <Lines lines={table} height={layout.table} />
          </Box>
          <Panes snapshot={snapshot} layout={layout} palette={palette} />
        </Box>
      )
    }
  }
}

function helpLines(palette: Palette): readonly string[] {
  return KEYS.map(([key, what]) => `${palette.accent(key.padEnd(6))} ${what}`)
}

function emptyLine({ filter }: UiState): string {
  return filter === '' ? 'No calls yet. Try: llmroute ask "Name three primes."' : 'No call matches the filter.'
}

function Panes({ snapshot, layout, palette }: Pick<BodyProps, 'snapshot' | 'layout' | 'palette'>): React.JSX.Element | null {
  if (layout.side > 0) {
    const models = Math.min(snapshot.models.length + 1, Math.max(4, Math.floor(layout.table / 2)))
    const sessions = layout.table - models - 1 - 2 - 1
    return (
      <Box flexDirection="column" width={layout.side} rowGap={1}>
        <Lines lines={modelLines(snapshot, layout.side, models, palette)} height={models} />
        <Lines lines={trendLines(snapshot, layout.side, palette)} height={2} />
        <Lines lines={sessionLines(snapshot, layout.side, sessions, palette)} height={sessions} />
      </Box>
    )
  }
  if (layout.below === 0) return null
  const models = layout.below - 2
  return (
    <Box flexDirection="column" width={layout.width}>
      <Lines lines={modelLines(snapshot, layout.width, models, palette)} height={models} />
      <Lines lines={trendLines(snapshot, layout.width, palette)} height={2} />
    </Box>
  )
}
