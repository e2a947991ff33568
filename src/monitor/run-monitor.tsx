import { render } from 'ink'
import { createThread } from '../kit/thread.js'
import { type Ledger, withOpenLedger } from '../ledger/index.js'
import { App } from './app.js'
import type { WhatIf, WhatIfWeights } from './feed.js'
import { ledgerFeed } from './ledger-feed.js'
import { openScreen } from './open-screen.js'
import { palette } from './palette.js'
import { watchDaemon } from './watch-daemon.js'

interface MonitorOptions {
  /** Path of the ledger; it may still be written by others, and is made when it does not exist yet. */
  readonly ledger: string
  /** Colour level as in chalk. */
  readonly colours: 0 | 1 | 2 | 3
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
}

/** Runs until the person quits. Rejects when the ledger can no longer be read. */
export function runMonitor(options: MonitorOptions): Promise<void> {
  return withOpenLedger(options.ledger, { readonly: true }, (ledger) => show(ledger, options))
}

async function show(ledger: Ledger, { ledger: path, colours, stdin, stdout }: MonitorOptions): Promise<void> {
  const watch = await watchDaemon(path)
  const thread = createThread<WhatIfWeights, WhatIf | null>(new URL('./what-if-worker.js', import.meta.url), { path })
  const colour = palette(colours)
  const screen = openScreen(stdout)
  const feed = ledgerFeed({ ledger, daemonNow: watch.now, palette: colour, whatIf: thread.ask, now: Date.now })
  const app = render(<App feed={feed} palette={colour} />, {
    stdin,
    stdout: screen.stdout,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  try {
    await app.waitUntilExit()
  } finally {
    screen.close()
    watch.stop()
    await thread.stop()
  }
}
