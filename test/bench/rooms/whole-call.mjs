import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { load } from '../proxy/load.mjs'
import { startScript } from '../proxy/processes.mjs'
import { smallBody } from '../proxy/request-bodies.mjs'
import { serveLlmroute } from '../proxy/serve-llmroute.mjs'
import { spread } from '../statistics.mjs'

/** Requests in a millisecond of measurement that each daemon answers before it, 6,000 for the usual second: compiled code is what a daemon runs. */
const WARM_UP = 6

/**
 * What a proxied call costs a daemon whose ledger, in `folder`, has many calls, against one that has none: the same load on both, in turn.
 * Of processor time on Linux, else of calls a second.
 */
export async function measureWholeCall(folder, { rounds, durationMs }) {
  const running = []
  try {
    const upstream = await startScript('mock-upstream.mjs')
    running.push(upstream)
    await upstream.ask({ chunks: 20, bytes: 16, delayMs: 0 })
    const fresh = join(folder, 'fresh')
    mkdirSync(fresh)
    const full = await serveLlmroute(folder, upstream.port)
    running.push(full)
    const empty = await serveLlmroute(fresh, upstream.port)
    running.push(empty)
    const spec = { format: 'openai', inFlight: 32, marks: 1, ms: durationMs, body: smallBody('openai', 'auto', false) }
    for (const daemon of [full, empty]) await load(daemon, { ...spec, atLeast: WARM_UP * durationMs }, upstream.pid)
    const ratios = []
    let errors = 0
    for (let round = 0; round < rounds; round++) {
      const costs = {}
      for (const [name, daemon] of round % 2 === 0
        ? [
            ['full', full],
            ['empty', empty],
          ]
        : [
            ['empty', empty],
            ['full', full],
          ]) {
        const measured = await load(daemon, spec, upstream.pid)
        errors += measured.errors
        costs[name] = Number.isFinite(measured.cpuPerRequest) ? measured.cpuPerRequest : 1 / measured.rate
      }
      ratios.push(costs.full / costs.empty)
    }
    if (errors > 0) throw new Error(`${errors} calls failed`)
    return spread(ratios)
  } finally {
    for (const one of running.reverse()) await one.stop()
  }
}
