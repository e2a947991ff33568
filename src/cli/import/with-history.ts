import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatCount, formatNumberOf } from '../../kit/index.js'
import { type Ledger, openLedger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import { progressBar } from '../progress-bar.js'
import { remark } from '../say.js'
import { importInto } from './import-into.js'
import type { Reading } from './logs.js'

/** Runs `work` on a ledger that holds another tool's log and nothing else, and is thrown away afterwards. */
export async function withHistory<T>(cli: Cli, reading: Reading, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-from-'))
  const ledger = await openLedger(join(folder, 'ledger.db'), { bodies: 'none' })
  const bar = progressBar(cli)
  let damaged = 0
  try {
    await importInto(cli, ledger, reading, {
      onDamage: () => {
        damaged++
      },
      onProgress: (share, { imported }) => bar.show(share, `${formatCount(imported)} calls`),
    })
    bar.end()
    if (damaged > 0)
      remark(
        cli,
        `llmroute: left out ${formatNumberOf(damaged, 'damaged line')}; \`llmroute import ${reading.logs.source}\` names the first.`,
      )
    return await work(ledger)
  } finally {
    bar.end()
    await ledger.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
