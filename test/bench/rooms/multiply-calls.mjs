import { join } from 'node:path'
import { room } from '../built-program.mjs'
import { serveSamples } from './serve-samples.mjs'

const GROUP = 100
const APART_MS = 1500

/**
 * A ledger of `calls` made from really served ones: the same decisions and usage, in sessions, at times and with prefixes of their own. Good for
 * measuring how long things take; what a simulation says of it means nothing, though every decision is reproduced and repriced.
 */
export async function multiplyCalls(folder, path, calls) {
  const { openLedger } = await room('ledger')
  const samples = await readSamples(folder, openLedger)
  const ledger = await openLedger(path)
  for (const [hash, json] of samples.policies) await ledger.remember('policy', hash, json)
  for (const [hash, json] of samples.modelRevs) await ledger.remember('model_rev', hash, json)
  const started = performance.now()
  for (let done = 0; done < calls; done += GROUP) {
    const group = Array.from({ length: Math.min(GROUP, calls - done) }, (_, i) => samples.make(done + i))
    await ledger.record(group)
  }
  await ledger.flush()
  return { ledger, make: samples.make, ms: performance.now() - started }
}

async function readSamples(folder, openLedger) {
  const { digest, newId } = await room('kit')
  const { decodeInput, decodeSignals, encodeInput, stateHash } = await room('policy')
  const db = join(folder, 'samples.db')
  await serveSamples(folder, db)
  const ledger = await openLedger(db, { readonly: true })
  const details = ledger
    .listCalls({ limit: 10_000 })
    .reverse()
    .map(({ id }) => ledger.getCall(id))
  const policies = [...ledger.policies()]
  const modelRevs = [...ledger.modelRevs()]
  await ledger.close()
  const start = Date.now() - 30 * 86_400_000
  const parsed = (rows) => {
    const values = new Map(rows.map(([hash, json]) => [hash, JSON.parse(json)]))
    return (hash) => values.get(hash)
  }
  const tables = { policy: parsed(policies), modelRev: parsed(modelRevs) }
  const inputs = details.map(({ decision }) => decodeInput(decision.input, decodeSignals(decision.signals), tables))

  function movedInput(original, atMs) {
    const warm = original.endogenous.warm.map((one) => ({ ...one, untilMs: one.untilMs - original.atMs + atMs }))
    const endogenous = { ...original.endogenous, warm }
    return { input: encodeInput({ ...original, atMs, endogenous }), stateHash: stateHash(endogenous) }
  }

  function make(n) {
    const { call, decision, attempts } = details[n % details.length]
    const round = Math.floor(n / details.length)
    const session = `${call.session}-${round}`
    const decidedAtMs = start + n * APART_MS
    const prefixes = Array.from({ length: 2 * call.turn }, (_, i) => ({ digest: digest(`${session} ${i}`), refTokens: 200 + 60 * i }))
    const id = newId(decidedAtMs)
    const { prefixLeaf: _leaf, ...decided } = decision
    const open = { ...call, ...decided, ...movedInput(inputs[n % inputs.length], decidedAtMs), id, session, decidedAtMs, prefixes }
    const moved = attempts.map((attempt) => ({ ...attempt, t0: attempt.t0 - call.decidedAtMs + decidedAtMs }))
    const { status, model, costNano, baselineCostNano, ttftMs, latencyMs, error, httpStatus } = call
    const settled = { status, model, costNano, baselineCostNano, ttftMs, latencyMs, error, httpStatus }
    return { open, settle: { id, settledAtMs: decidedAtMs + (call.settledAtMs - call.decidedAtMs), ...settled, attempts: moved } }
  }
  return { make, policies, modelRevs }
}
