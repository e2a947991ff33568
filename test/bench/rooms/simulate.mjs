import { join } from 'node:path'
import { room } from '../built-program.mjs'
import { withScratchFolder } from '../scratch-folder.mjs'
import { spread } from '../statistics.mjs'
import { multiplyCalls } from './multiply-calls.mjs'

/** How fast a log is decided again under another policy. */
export function measureSimulate({ rounds, simulateCalls, say }) {
  return withScratchFolder(async (folder) => {
    const { simulateInThreads, sweepAlternatives, withPreset } = await room('simulate')
    const { PRESETS } = await room('policy')
    const { ledger } = await multiplyCalls(folder, join(folder, 'ledger.db'), simulateCalls)
    const name = (policies) => `simulate ${simulateCalls.toLocaleString('en-US')} calls, ${policies}`
    const run = async (alternatives) => {
      const started = performance.now()
      const [{ checked, reproduced, repriced }] = await simulateInThreads(ledger, alternatives)
      const rate = simulateCalls / ((performance.now() - started) / 1000)
      if (reproduced < checked || repriced < checked)
        throw new Error(`of ${checked} calls, ${reproduced} were reproduced and ${repriced} repriced`)
      return rate
    }
    const alternatives = Object.entries(PRESETS).map(([preset, values]) => withPreset(preset, values))
    // A large log is long enough to be measured once, and its first run is its warm-up.
    const times = simulateCalls >= 200_000 ? 1 : rounds
    if (times > 1) await run(alternatives.slice(0, 1))
    const one = []
    const four = []
    for (let round = 0; round < times; round++) {
      one.push(await run(alternatives.slice(0, 1)))
      four.push(await run(alternatives))
    }
    const sweep = await run(sweepAlternatives(0))
    say(`  ${name('one other policy')}: ${Math.round(spread(one).median)} calls/s`)
    // The most there ever was, threads included.
    const memory = process.resourceUsage().maxRSS / 1024
    await ledger.close()
    const row = (policies, { median: value, min, max }) => ({ measure: name(policies), unit: 'calls/s', value, min, max })
    return [
      row('one other policy', spread(one)),
      row('four other policies', spread(four)),
      { measure: name('21 settings of the weights'), unit: 'calls/s', value: sweep },
      { measure: `most resident memory while simulating ${simulateCalls.toLocaleString('en-US')} calls`, unit: 'MB', value: memory },
    ]
  })
}
