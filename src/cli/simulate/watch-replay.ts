import { formatCount } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import { type ProgressBar, progressBar } from '../progress-bar.js'

/** A log is read twice: once to measure the models, once to decide again. */
const READINGS = 2

/** A bar for a replay of a ledger, which counts every reading of a call. */
export function watchReplay(cli: Cli, ledger: Ledger): { readonly bar: ProgressBar; progress(calls: number): void } {
  const bar = progressBar(cli)
  const total = Math.max(1, ledger.counts().calls)
  let done = 0
  return {
    bar,
    progress(calls) {
      done += calls
      const share = done / (READINGS * total)
      bar.show(share, `${formatCount(Math.min(total, Math.round(share * total)))} calls`)
    },
  }
}
