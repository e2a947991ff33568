import { spawnSync } from 'node:child_process'
import { program } from './built-program.mjs'
import { bareEnvironment, withScratchFolder } from './scratch-folder.mjs'
import { median, spread } from './statistics.mjs'

/** One run for each of these milliseconds of the asked-for duration; a round's figure is the ratio of their medians. */
const RUN_MS = 200
const COMMANDS = [
  { name: 'llmroute --help', args: ['--help'], aim: '<= 1.6' },
  { name: 'llmroute --version', args: ['--version'] },
  { name: 'llmroute models --json', args: ['models', '--json', '--db', 'none.db'] },
  { name: 'llmroute log, empty ledger', args: ['log', '--db', 'none.db'] },
]

/** Wall time of commands as a multiple of that of a Node which does nothing, taken in turn. */
export function measureStartUp({ rounds, durationMs }) {
  return withScratchFolder((folder) => {
    const time = (args) => {
      const started = performance.now()
      spawnSync(process.execPath, args, { cwd: folder, env: bareEnvironment(folder), stdio: 'ignore' })
      return performance.now() - started
    }
    const runs = Math.max(1, Math.round(durationMs / RUN_MS))
    const ratios = COMMANDS.map(() => [])
    for (let round = 0; round < rounds; round++) {
      const nothing = []
      const took = COMMANDS.map(() => [])
      for (let run = 0; run < runs; run++) {
        nothing.push(time(['-e', '0']))
        for (const [i, { args }] of COMMANDS.entries()) took[i].push(time([program, ...args]))
      }
      for (const [i, times] of took.entries()) ratios[i].push(median(times) / median(nothing))
    }
    return COMMANDS.map(({ name, aim = null }, i) => {
      const { median: value, min, max } = spread(ratios[i])
      return { measure: `${name} against node -e 0`, unit: 'x', value, min, max, aim }
    })
  })
}
