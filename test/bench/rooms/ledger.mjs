import { join } from 'node:path'
import { room } from '../built-program.mjs'
import { withScratchFolder } from '../scratch-folder.mjs'
import { spread } from '../statistics.mjs'
import { timeRefresh } from './monitor.mjs'
import { multiplyCalls } from './multiply-calls.mjs'
import { timeIt } from './time-it.mjs'
import { measureWholeCall } from './whole-call.mjs'

const IN_FLIGHT = 32
const DAY_MS = 86_400_000

/** Writing and reading at `ledgerCalls` calls, and what a call costs there against an empty ledger. */
export function measureLedger({ rounds, durationMs, ledgerCalls, say }) {
  return withScratchFolder(async (folder) => {
    const { openLedger } = await room('ledger')
    const full = await multiplyCalls(folder, join(folder, 'ledger.db'), ledgerCalls)
    say(`  made a ledger of ${ledgerCalls} calls in ${Math.round(full.ms / 1000)} s`)
    const empty = await openLedger(join(folder, 'empty.db'))
    const at = `at ${ledgerCalls.toLocaleString('en-US')} calls`
    let n = ledgerCalls
    const make = () => full.make(n++)
    const rates = { full: [], empty: [] }
    for (const ledger of [empty, full.ledger]) await writeCalls(ledger, make, durationMs / 4)
    for (let round = 0; round < rounds; round++) {
      // In turn, so that what else the machine does hits both.
      rates.empty.push(await writeCalls(empty, make, durationMs))
      rates.full.push(await writeCalls(full.ledger, make, durationMs))
    }
    const row = (measure, unit, { median: value, min, max }, aim = null) => ({ measure, unit, value, min, max, aim })
    const growth = spread(rates.full.map((rate, i) => rates.empty[i] / rate))
    const rows = [
      { measure: `bulk insert up to ${ledgerCalls.toLocaleString('en-US')} calls`, unit: 'calls/s', value: ledgerCalls / (full.ms / 1000) },
      row(`open and settle, ${IN_FLIGHT} in flight, ${at}`, 'calls/s', spread(rates.full)),
      row(`the ledger's part of a call ${at}, against an empty ledger`, 'x', growth),
      ...readRows(full.ledger, at, { rounds, durationMs }),
    ]
    const { first, refresh } = await timeRefresh(full.ledger, make, rounds)
    rows.push({ measure: `the monitor's first reading ${at}`, unit: 'ms', value: first })
    rows.push(row(`a refresh of the monitor after a new call ${at}`, 'ms', refresh, '<= 50'))
    await empty.close()
    await full.ledger.close()
    const whole = await measureWholeCall(folder, { rounds, durationMs })
    return [...rows, row(`a proxied call ${at}, against an empty ledger`, 'x', whole, '<= 1.2')]
  })
}

function readRows(ledger, at, { rounds, durationMs }) {
  const time = (run) => timeIt(run, { ms: durationMs, rounds })
  const row = (measure, { value, min, max }, aim = null) => ({ measure: `${measure} ${at}`, unit: 'ms', value, min, max, aim })
  const since = Date.now() - 7 * DAY_MS
  const newest = ledger.listCalls({ limit: 1 })[0]
  return [
    row(
      'list the newest 50 calls',
      time(() => ledger.listCalls({ limit: 50 })),
      '<= 50',
    ),
    row(
      'list 50 calls of one model',
      time(() => ledger.listCalls({ model: newest.model, limit: 50 })),
    ),
    row(
      'spend by model and hour, all time',
      time(() => ledger.rollups({ by: ['model', 'hour'] })),
      '<= 50',
    ),
    row(
      'spend by model, seven days',
      time(() => ledger.rollups({ by: ['model'], since })),
      '<= 50',
    ),
    row(
      'p50 and p95 latency by model, all time',
      time(() => ledger.latencies({ metric: 'latency' })),
      '<= 50',
    ),
    row(
      'one call with its decision',
      time(() => ledger.getCall(newest.id)),
    ),
  ]
}

/** Calls a second of 32 clients that open a call and settle it, each waiting for the commit as a client of the proxy does. */
async function writeCalls(ledger, make, ms) {
  const started = performance.now()
  let calls = 0
  async function client() {
    do {
      const { open, settle } = make()
      await ledger.open(open)
      await ledger.settle(settle)
      calls++
    } while (performance.now() - started < ms)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, client))
  return calls / ((performance.now() - started) / 1000)
}
