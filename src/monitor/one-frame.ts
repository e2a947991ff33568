import { withOpenLedger } from '../ledger/index.js'
import { tableLines } from './call-table.js'
import { headerLines } from './header-lines.js'
import { ledgerFeed } from './ledger-feed.js'
import { type Palette, palette } from './palette.js'
import { modelLines } from './pane-lines.js'
import type { Snapshot } from './snapshot.js'
import { daemonNow } from './watch-daemon.js'

interface FrameOptions {
  readonly ledger: string
  readonly colours: 0 | 1 | 2 | 3
  readonly columns: number
  readonly rows: number
}

/** The monitor's present view as text, for pipes and screenshots. */
export async function oneFrame({ ledger, colours, columns, rows }: FrameOptions): Promise<string> {
  const colour = palette(colours)
  const snapshot = await snapshotNow(ledger, colour)
  const models = modelLines(snapshot, columns, 8, colour)
  const table = tableLines(snapshot.calls, { width: columns, height: Math.max(4, rows - models.length - 6), selected: -1 }, colour)
  return `${[...headerLines(snapshot, columns, colour), '', ...table, '', ...models].map((line) => line.trimEnd()).join('\n')}\n`
}

/** Everything that a frame is drawn from, read once. */
export async function snapshotNow(path: string, colour: Palette = palette(0)): Promise<Snapshot> {
  const seen = await daemonNow(path)
  return withOpenLedger(path, { readonly: true }, (ledger) =>
    ledgerFeed({ ledger, daemonNow: () => seen, palette: colour, whatIf: async () => null, now: Date.now }).read(),
  )
}
