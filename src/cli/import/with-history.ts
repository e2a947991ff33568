import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HISTORY_SOURCES, type HistorySource } from '../../history/index.js'
import { Fault, formatCount } from '../../kit/index.js'
import { type Ledger, openLedger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import { progressBar } from '../progress-bar.js'
import { remark } from '../say.js'
import { importInto } from './import-into.js'

interface Range {
  readonly since?: number
  readonly until?: number
}

/** Runs `work` on a ledger that holds another tool's log and nothing else, and is thrown away afterwards. `from` is SOURCE or SOURCE:PATH. */
export async function withHistory<T>(cli: Cli, from: string, range: Range, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const { source, path } = parseFrom(from)
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-from-'))
  const ledger = await openLedger(join(folder, 'ledger.db'), { bodies: 'none' })
  const bar = progressBar(cli)
  let damaged = 0
  try {
    await importInto(
      cli,
      ledger,
      { source, path, isPassing: true, ...range },
      {
        onDamage: () => {
          damaged++
        },
        onProgress: (share, { imported }) => bar.show(share, `${formatCount(imported)} calls`),
      },
    )
    bar.end()
    if (damaged > 0) remark(cli, `llmroute: ${damaged} damaged lines are skipped; \`llmroute import ${source}\` names them.`)
    return await work(ledger)
  } finally {
    bar.end()
    await ledger.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function parseFrom(from: string): { readonly source: HistorySource; readonly path: string | undefined } {
  const colon = from.indexOf(':')
  const name = colon < 0 ? from : from.slice(0, colon)
  const source = HISTORY_SOURCES.find((known) => known === name)
  if (source === undefined)
    throw new Fault('E_USAGE', `'${name}' is no source of history.`, { hint: `Sources are ${HISTORY_SOURCES.join(', ')}.` })
  return { source, path: colon < 0 ? undefined : from.slice(colon + 1) }
}
