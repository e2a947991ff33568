import type { HistorySource } from '../../history/index.js'
import { Fault, formatCount, formatNumberOf } from '../../kit/index.js'
import { openLedger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import { loadForCli } from '../load-setup.js'
import { withDocument } from '../nothing-there.js'
import { ledgerPath } from '../open-ledger.js'
import { progressBar } from '../progress-bar.js'
import { answer, printable, remark } from '../say.js'
import { importInto } from './import-into.js'
import type { Logs } from './logs.js'

/** Damaged lines listed individually; more are only counted. */
const NAMED = 5

/** Imports logs into the user's ledger and says what came of it. `path` is where they were looked for, if that was said. */
export async function runImport(
  cli: Cli,
  logs: Logs,
  path: string | undefined,
  range: { readonly since?: number; readonly until?: number },
): Promise<void> {
  const { source, files } = logs
  const { config } = await loadForCli(cli)
  const ledger = await openLedger(await ledgerPath(cli, config), { bodies: config.ledger.bodies })
  const keeps = ledger.keepsBodies === 'all' ? 'text' : 'reasons'
  // Where nothing of this tool was imported before, the reading thread need not open the ledger to look for a call.
  const isFirst = ledger.listCalls({ source: `import:${source}`, limit: 1 }).length === 0
  const wanted = { source, files, isKeyed: keeps === 'reasons', withTexts: keeps === 'text', ...range }
  const batches = logs.reader.understand(wanted, isFirst && !wanted.isKeyed ? null : ledger)
  const bar = progressBar(cli)
  let damaged = 0
  try {
    const done = await importInto(
      cli,
      ledger,
      { logs, batches, keeps },
      {
        onDamage({ file, line, why }) {
          if (++damaged <= NAMED) remark(cli, `llmroute: ${file}:${line} is skipped: ${printable(why)}`)
        },
        onProgress: (share, { imported }) => bar.show(share, `${formatCount(imported)} calls`),
      },
    )
    bar.end()
    const document = { source, ...done, damagedLines: damaged }
    if (done.read === 0) {
      const where = path === undefined ? '' : ` in ${path}`
      throw withDocument(new Fault('E_EMPTY', `No ${source} call was found${where}.`, { hint: hintFor(source) }), document)
    }
    const skipped = Object.entries(done.skipped).map(([why, calls]) => `, ${formatCount(calls)} left out (${why})`)
    const said = `Imported ${formatCount(done.imported)} of ${formatNumberOf(done.read, 'call')}; ${formatCount(done.known)} ${done.known === 1 ? 'was' : 'were'} there already${skipped.join('')}${damaged > 0 ? `; ${formatNumberOf(damaged, 'damaged line')}` : ''}.`
    return await answer(cli, document, () => said)
  } finally {
    bar.end()
    await ledger.close()
  }
}

function hintFor(source: HistorySource): string {
  return source === 'jsonl'
    ? 'Each line is a JSON object with at least `time` and `model`, see docs/import.md.'
    : `Check that these are logs of ${source}, and --since and --until.`
}
