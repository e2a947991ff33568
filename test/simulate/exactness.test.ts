import { copyFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/index.js'
import { PRESETS } from '../../src/policy/index.js'
import { type Alternative, asLogged, type Simulation, simulate, withPreset, withStrategy } from '../../src/simulate/index.js'
import { servedLedger } from './served-ledger.js'

const QUESTIONS = [
  'hi',
  'What is the capital of France?',
  'Translate "good morning" into German.',
  'Prove that the square root of two is irrational, and say where the proof uses unique factorisation.',
  'Write a Python function that merges two sorted lists, with tests, and explain its complexity.',
  'Find out why this deadlocks under load and redesign the locking.',
]

let log: Awaited<ReturnType<typeof servedLedger>>
const CALLS = 12 * 3

beforeAll(async () => {
  const turn = (i: number) => QUESTIONS[i % QUESTIONS.length] as string
  log = await servedLedger(
    Array.from({ length: 12 }, (_, i) => ({
      session: `s${i}`,
      ...(i % 4 === 3 ? { profile: 'quality' } : {}),
      turns: [turn(i), turn(i + 1), turn(i + 2)],
    })),
  )
})
afterAll(() => log.remove())

async function replay(path: string, alternative: Alternative): Promise<Simulation> {
  const ledger = await openLedger(path, { readonly: true })
  try {
    return simulate(ledger, [alternative])[0] as Simulation
  } finally {
    await ledger.close()
  }
}

/** The simulation of a copy of the ledger in which one statement has changed something. */
async function replayChanged(name: string, sql: string, ...values: readonly unknown[]): Promise<Simulation> {
  const path = `${log.path}-${name}`
  copyFileSync(log.path, path)
  const db = new Database(path)
  expect(db.prepare(sql).run(...values).changes).toBeGreaterThan(0)
  db.close()
  return replay(path, asLogged())
}

describe('the policy that was live', () => {
  it('reproduces every decision, every state and the spend', async () => {
    const s = await replay(log.path, asLogged())
    expect(s).toMatchObject({
      calls: CALLS,
      sessions: 12,
      checked: CALLS,
      reproduced: CALLS,
      rechained: CALLS,
      repriced: CALLS,
      changed: 0,
      excluded: [],
    })
    expect(s.simulated.cost).toEqual({ value: s.actual.cost, low: s.actual.cost, high: s.actual.cost })
    expect(s.savings.value).toBe(0)
  })

  it('notices a changed input', async () => {
    const changed = `UPDATE decision SET input = (SELECT input FROM decision WHERE seq = (SELECT max(seq) FROM decision))
      WHERE seq = (SELECT min(d.seq) FROM decision d JOIN decision l ON l.seq = (SELECT max(seq) FROM decision) WHERE d.plan <> l.plan)`
    expect((await replayChanged('input', changed)).reproduced).toBeLessThan(CALLS)
  })

  it.each([
    ['time', 'call SET decided_at = decided_at + 1'],
    ['limit', 'decision SET limit_tokens = 17'],
    ['policy', 'decision SET policy = (SELECT n FROM policy WHERE n <> decision.policy)'],
    ['mode', 'call SET mode = task'],
    ['state', "decision SET state_hash = x'0011223344556677'"],
  ])('notices a %s that is no longer that of the input', async (name, change) => {
    const s = await replayChanged(name, `UPDATE ${change} WHERE seq = (SELECT max(seq) FROM decision)`)
    expect(s).toMatchObject({ checked: CALLS, reproduced: CALLS - 1 })
  })

  it.each(['input', 'signals'])('leaves out a call whose %s cannot be read, and says so', async (part) => {
    const s = await replayChanged(
      `no-${part}`,
      `UPDATE decision SET ${part} = ? WHERE seq = (SELECT max(seq) FROM decision)`,
      Buffer.from('x'),
    )
    const excluded = [{ reason: 'its record cannot be read', calls: 1 }]
    expect(s).toMatchObject({
      calls: CALLS - 1,
      checked: CALLS,
      reproduced: CALLS - 1,
      rechained: CALLS - 1,
      repriced: CALLS - 1,
      excluded,
    })
  })

  it('notices a changed event', async () => {
    const moved = `UPDATE call SET session = (SELECT max(n) FROM session) WHERE turn = 1 AND session = (SELECT min(n) FROM session)`
    expect((await replayChanged('event', moved)).rechained).toBeLessThan(CALLS)
  })

  it('notices a changed rate', async () => {
    const dearer = `UPDATE model_rev SET json = json_set(json, '$.rates.output', json_extract(json, '$.rates.output') + 1000000)
      WHERE hash IN (SELECT m.hash FROM attempt a JOIN model_rev m ON m.n = a.model_rev)`
    const s = await replayChanged('rate', dearer)
    expect(s.repriced).toBeLessThan(CALLS)
    expect(s.reproduced).toBeLessThan(CALLS)
  })
})

describe('another policy', () => {
  it('moves towards what it weighs', async () => {
    const cheap = await replay(log.path, withStrategy('cost only', { kind: 'weights', weights: { cost: 1, quality: 0, latency: 0 } }, 0))
    const economy = await replay(log.path, withPreset('economy', PRESETS.economy))
    const quality = await replay(log.path, withPreset('quality', PRESETS.quality))
    expect(cheap.simulated.cost.value).toBeLessThanOrEqual(economy.simulated.cost.value)
    expect(economy.simulated.cost.value).toBeLessThan(quality.simulated.cost.value)
    expect(quality.simulated.quality?.value).toBeGreaterThan(cheap.simulated.quality?.value ?? Number.NaN)
    for (const s of [cheap, economy, quality]) {
      expect(s.calls).toBe(CALLS)
      expect(s.simulated.cost.low).toBeLessThanOrEqual(s.simulated.cost.value)
      expect(s.simulated.cost.high).toBeGreaterThanOrEqual(s.simulated.cost.value)
      expect(s.byModel.reduce((n, m) => n + m.simulatedCalls, 0)).toBe(CALLS)
    }
  })
})
