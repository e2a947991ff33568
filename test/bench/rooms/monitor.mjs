import { room } from '../built-program.mjs'
import { spread } from '../statistics.mjs'

const REFRESHES = 20
/** Longer than the monitor keeps its sums. */
const APART_MS = 1100

/** Time of one refresh of the monitor, milliseconds, each after another call was recorded; medians of `rounds` slices. The first, which reads the month, is apart. */
export async function timeRefresh(ledger, make, rounds) {
  const { ledgerFeed, palette } = await room('monitor')
  const daemonNow = () => ({ daemon: null, health: new Map() })
  let nowMs = Date.now()
  const { read } = ledgerFeed({ ledger, daemonNow, palette: palette(0), whatIf: async () => null, now: () => nowMs })
  const timed = async () => {
    await ledger.record([make()])
    nowMs += APART_MS
    const started = performance.now()
    read()
    return performance.now() - started
  }
  const first = await timed()
  const medians = []
  for (let round = 0; round < rounds; round++) {
    const times = []
    for (let i = 0; i < REFRESHES; i++) times.push(await timed())
    medians.push(spread(times).median)
  }
  return { first, refresh: spread(medians) }
}
