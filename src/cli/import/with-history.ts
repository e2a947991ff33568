import { formatCount, formatNumberOf } from '../../kit/index.js'
import { type Ledger, openThrowawayLedger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import { progressBar } from '../progress-bar.js'
import { remark } from '../say.js'
import { importInto } from './import-into.js'
import type { Reading } from './logs.js'

/** Runs `work` on a ledger that holds another tool's log and nothing else, and is thrown away afterwards. */
export async function withHistory<T>(cli: Cli, reading: Reading, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const { ledger, discard, close } = await openThrowawayLedger()
  const bar = progressBar(cli)
  let damaged = 0
  try {
    await discardingWhenKilled(discard, () =>
      importInto(cli, ledger, reading, {
        onDamage: () => {
          damaged++
        },
        onProgress: (share, { imported }) => bar.show(share, `${formatCount(imported)} calls`),
      }),
    )
    bar.end()
    if (damaged > 0)
      remark(
        cli,
        `llmroute: left out ${formatNumberOf(damaged, 'damaged line')}; \`llmroute import ${reading.logs.source}\` names the first.`,
      )
    return await work(ledger)
  } finally {
    bar.end()
    await close()
  }
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Only while logs are read: a simulation may hold the event loop for seconds, and a signal that has a listener would wait for it. A folder
 * that is left then is removed by the next `--from`.
 */
async function discardingWhenKilled<T>(discard: () => void, work: () => Promise<T>): Promise<T> {
  const end = (signal: NodeJS.Signals): void => {
    forget()
    discard()
    process.kill(process.pid, signal)
  }
  const forget = (): void => {
    for (const signal of ENDING) process.off(signal, end)
  }
  for (const signal of ENDING) process.once(signal, end)
  try {
    return await work()
  } finally {
    forget()
  }
}
