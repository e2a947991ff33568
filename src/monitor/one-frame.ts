import { openLedger } from '../ledger/index.js'
import { headerLines } from './header-lines.js'
import { ledgerFeed } from './ledger-feed.js'
import { palette } from './palette.js'
import { modelLines } from './pane-lines.js'
import { tableLines } from './table-lines.js'
import { daemonNow } from './watch-daemon.js'

export interface FrameOptions {
  readonly ledger: string
  readonly colours: 0 | 1 | 2 | 3
  readonly columns: number
  readonly rows: number
}

/** What the monitor shows at this moment as text, for pipes and screenshots. */
export async function oneFrame({ ledger: path, colours, columns, rows }: FrameOptions): Promise<string> {
  const ledger = await openLedger(path, { readonly: true })
  try {
    const colour = palette(colours)
    const seen = await daemonNow(path)
    const watch = { daemon: () => seen.daemon, health: () => seen.health, stop: () => {} }
    const snapshot = ledgerFeed({ ledger, watch, palette: colour, whatIf: async () => null, now: Date.now }).read()
    const models = modelLines(snapshot, columns, 8, colour)
    const table = tableLines(snapshot.calls, { width: columns, height: Math.max(4, rows - models.length - 6), selected: -1 }, colour)
    return `${[...headerLines(snapshot, columns, colour), '', ...table, '', ...models].map((line) => line.trimEnd()).join('\n')}\n`
  } finally {
    await ledger.close()
  }
}
