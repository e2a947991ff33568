// Does the simulation tell the truth? Traffic is served under `balanced`, other policies are simulated from its log, and then the same
// traffic is really served under each. Run with: npm run bench:truth -- [--worlds 20] [--calls 2000] [--sessions 150] [--warm-up questions] [--json]
// A run takes minutes and judging it seconds: with --keep FOLDER the ledgers stay there, and are used again by the next command.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { usdFromNano } from '../../../src/kit/index.js'
import { openLedger } from '../../../src/ledger/index.js'
import { PRESETS } from '../../../src/policy/index.js'
import { type Alternative, asLogged, type SimulateOptions, type Simulation, simulate, withPreset } from '../../../src/simulate/index.js'
import { runOf } from './run-world.js'

const OTHERS = ['economy', 'quality', 'fast'] as const

const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '20' },
    calls: { type: 'string', default: '2000' },
    sessions: { type: 'string', default: '150' },
    first: { type: 'string', default: '1' },
    'warm-up': { type: 'string', default: 'conversations' },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const warmUp = values['warm-up'] === 'questions' ? 'questions' : 'conversations'
const size = { warmUp, calls: Number(values.calls), sessions: Number(values.sessions) } as const

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

async function simulated(db: string, alternatives: readonly Alternative[], options: SimulateOptions): Promise<readonly Simulation[]> {
  const ledger = await openLedger(db, { readonly: true })
  try {
    return simulate(ledger, alternatives, options)
  } finally {
    await ledger.close()
  }
}

async function measure(folder: string, seed: number): Promise<Row[]> {
  const live = await runOf(folder, seed, 'balanced', size)
  const presets = OTHERS.map((policy) => withPreset(policy, PRESETS[policy]))
  const rows: Row[] = []
  for (const s of await simulated(live.db, presets, { sinceMs: live.sinceMs })) {
    const { policy } = s
    const again = await runOf(folder, seed, policy, size)
    const [truth] = await simulated(again.db, [asLogged()], { sinceMs: again.sinceMs, quick: true })
    if (truth === undefined) throw new Error('nothing was simulated')
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
      p50Error: (s.simulated.p50Ms ?? Number.NaN) / (truth.actual.p50Ms ?? Number.NaN) - 1,
      reproduced:
        s.reproduced === s.calls && s.rechained === s.calls && truth.reproduced === truth.calls && truth.rechained === truth.calls,
      evidence: s.evidence,
    })
  }
  return rows
}

const percent = (x: number): string => `${(100 * x).toFixed(1)}%`
function median(xs: readonly number[]): number {
  const sorted = [...xs].sort((a, b) => a - b)
  const at = (i: number): number => sorted[Math.floor(i)] ?? 0
  return (at((xs.length - 1) / 2) + at(xs.length / 2)) / 2
}

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'llmroute-truth-'))
const rows: Row[] = []
for (let i = 0; i < Number(values.worlds); i++) {
  const seed = Number(values.first) + i
  for (const row of await measure(folder, seed)) {
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
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true })
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
