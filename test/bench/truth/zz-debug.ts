import { openLedger } from '../../../src/ledger/index.js'
import { measureModels } from '../../../src/simulate/measure-models.js'
import { seeded, normal } from '../../../src/simulate/random.js'
import { decodeInput, decodeSignals } from '../../../src/policy/index.js'
import { readTables } from '../../../src/simulate/read-tables.js'
import { runWorld } from './run-world.js'
import { makeWorld } from './world.js'
const seed = Number(process.argv[2] ?? 1)
const w = makeWorld(seed)
const r = await runWorld(w, seed, 'balanced', { sessions: 150, calls: 2000 })
const random = seeded(seed * 7919 + 1)
const v: Record<string, number> = {}
for (const n of ['nano', 'mini', 'mid', 'pro', 'max']) { v[n] = Math.exp(0.35 * normal(random)); for (let i = 0; i < 16; i++) normal(random); random(); normal(random); normal(random); random() }
const l = await openLedger(r.db, { readonly: true })
const b = measureModels(l)
console.log('true', v)
const tasks = new Map<string, Map<string, [number, number]>>()
const exp: Record<string, number[]> = {}
const tables = readTables(l); const rows = new Map()
for (const ev of l.replay()) for (const e of ev) { if (e.kind === 'decided') rows.set(e.seq, e); else if (e.kind === 'settled') { const d = rows.get(e.call); const t = `${d.task}|${d.complexity}`; let m = tasks.get(t); if (!m) tasks.set(t, (m = new Map())); const x = m.get(e.model!) ?? [0, 0]; x[0]++; x[1] += e.attempts.at(-1)!.outputTokens!; m.set(e.model!, x)
 if (e.seq > 3500) { const i = decodeInput(d.input, decodeSignals(d.signals), tables); for (const s of i.models) (exp[s.rev.id] ??= []).push(s.expectedOut / i.models[0]!.expectedOut) } } }
for (const [t, m] of tasks) console.log(t, JSON.stringify(Object.fromEntries([...m].map(([k, [n, s]]) => [k.slice(6), `${n}x${Math.round(s / n)}`]))))
for (const m of w.models) console.log(m.id, 'fit', b.verbosity(m.id, 'code').toFixed(2), b.verbosity(m.id, 'agent-step').toFixed(2), b.verbosity(m.id, 'writing').toFixed(2), 'true', v[m.id.slice(6)]!.toFixed(2), 'expectedOut/nano', (exp[m.id]!.reduce((a, c) => a + c, 0) / exp[m.id]!.length).toFixed(2), 'n', b.observed(m.id), 'err', b.verbosityError(m.id, 'code').toFixed(3))
await l.close(); r.remove()
