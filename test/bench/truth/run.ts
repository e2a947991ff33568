// Does the simulation tell the truth? Traffic is served under `balanced`, other policies are simulated from its log, and then the same
// traffic is really served under each. Run with: npm run bench:truth -- [--worlds 20] [--calls 2000] [--sessions 150] [--json]
import { parseArgs } from 'node:util'
import { usdFromNano } from '../../../src/kit/index.js'
import { openLedger } from '../../../src/ledger/index.js'
import { PRESETS } from '../../../src/policy/index.js'
import { asLogged, type Simulation, simulate, withPreset } from '../../../src/simulate/index.js'
import { runWorld } from './run-world.js'
import { makeWorld } from './world.js'

const OTHERS = ['economy', 'quality', 'fast'] as const

const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '20' },
    calls: { type: 'string', default: '2000' },
    sessions: { type: 'string', default: '150' },
    first: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const size = { calls: Number(values.calls), sessions: Number(values.sessions) }

interface Row {
  readonly world: number
  readonly policy: string
  readonly predicted: number
  readonly low: number
  readonly high: number
  readonly real: number
  readonly error: number
  readonly halfWidth: number
  readonly inside: boolean
  readonly p50Error: number
  readonly reproduced: boolean
  readonly evidence: string
}

async function read(db: string, use: (ledger: Awaited<ReturnType<typeof openLedger>>) => Simulation): Promise<Simulation> {
  const ledger = await openLedger(db, { readonly: true })
  try {
    return use(ledger)
  } finally {
    await ledger.close()
  }
}

async function measure(seed: number): Promise<Row[]> {
  const world = makeWorld(seed)
  const live = await runWorld(world, seed, 'balanced', size)
  const rows: Row[] = []
  for (const policy of OTHERS) {
    const s = await read(
      live.db,
      (ledger) => simulate(ledger, [withPreset(policy, PRESETS[policy])], { sinceMs: live.sinceMs })[0] as Simulation,
    )
    const again = await runWorld(world, seed, policy, size)
    const truth = await read(again.db, (ledger) => simulate(ledger, [asLogged()], { sinceMs: again.sinceMs })[0] as Simulation)
    again.remove()
    const { cost } = s.simulated
    const real = truth.actual.cost
    rows.push({
      world: seed,
      policy,
      predicted: usdFromNano(cost.value),
      low: usdFromNano(cost.low),
      high: usdFromNano(cost.high),
      real: usdFromNano(real),
      error: cost.value / real - 1,
      halfWidth: (cost.high - cost.low) / 2 / cost.value,
      inside: cost.low <= real && real <= cost.high,
      p50Error: s.simulated.p50Ms / truth.actual.p50Ms - 1,
      reproduced:
        s.reproduced === s.calls && s.rechained === s.calls && truth.reproduced === truth.calls && truth.rechained === truth.calls,
      evidence: s.evidence,
    })
  }
  live.remove()
  return rows
}

const percent = (x: number): string => `${(100 * x).toFixed(1)}%`
const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)] ?? 0

const rows: Row[] = []
for (let i = 0; i < Number(values.worlds); i++) {
  const seed = Number(values.first) + i
  for (const row of await measure(seed)) {
    rows.push(row)
    if (!values.json) {
      const { world, policy, predicted, low, high, real, error, p50Error } = row
      const money = [predicted, low, high, real].map((x) => `$${x.toFixed(3)}`)
      process.stdout.write(
        `world ${world}  ${policy.padEnd(8)} predicted ${money[0]} (${money[1]} to ${money[2]})  real ${money[3]}  error ${percent(error)}${row.inside ? '' : ' OUTSIDE'}  p50 ${percent(p50Error)}  ${row.evidence}${row.reproduced ? '' : ' NOT REPRODUCED'}\n`,
      )
    }
  }
}
const summary = {
  worlds: Number(values.worlds),
  ...size,
  medianAbsoluteError: median(rows.map((r) => Math.abs(r.error))),
  worstError: Math.max(...rows.map((r) => Math.abs(r.error))),
  insideInterval: rows.filter((r) => r.inside).length / rows.length,
  medianHalfWidth: median(rows.map((r) => r.halfWidth)),
  worstP50Error: Math.max(...rows.map((r) => Math.abs(r.p50Error))),
  reproduced: rows.every((r) => r.reproduced),
}
process.stdout.write(values.json ? `${JSON.stringify({ summary, rows }, null, 2)}\n` : `${JSON.stringify(summary, null, 2)}\n`)
