import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { digest } from '../../src/kit/index.js'
import type { AttemptRow } from '../../src/ledger/index.js'
import { NOON, sampleAttempt, sampleOpen, sampleSettle, scratchFolder, scratchLedger } from './sample.js'

/** Two calls, the second with a failover and a shadow attempt. */
async function filled() {
  const ledger = await scratchLedger()
  const [a, b] = [
    sampleOpen({ id: '01KA0000000000000000000001' }),
    sampleOpen({ id: '01KA0000000000000000000002', reason: 'cheap, "good" enough', tags: ['x'] }),
  ]
  await ledger.remember('policy', a.policyHash, '{}')
  await ledger.remember('model_rev', digest('gpt-5-mini'), '{"perToken":2}')
  for (const call of [a, b]) await ledger.open(call)
  await ledger.settle(sampleSettle(a.id, { attempts: [sampleAttempt({ costNano: 240 })], costNano: 240 }))
  await ledger.settle(
    sampleSettle(b.id, {
      attempts: [
        sampleAttempt({ n: 1, outcome: 'error', outputTokens: 0, costNano: 0 }),
        sampleAttempt({ n: 2, costNano: 240 }),
        sampleAttempt({ n: 3, purpose: 'shadow', costNano: 240 }),
      ],
      costNano: 240,
    }),
  )
  ledger.bodies(b.id, [{ digest: 'aa', json: '{"role":"user","content":"hi"}' }], '{"text":"hello"}')
  await ledger.flush()
  return { ledger, a, b }
}

const costOf = (attempt: AttemptRow, rev: unknown) => (attempt.outputTokens ?? 0) * (rev as { perToken: number }).perToken

it('finds a sound ledger sound, and every kind of fault', async () => {
  const { ledger, a, b } = await filled()
  expect(ledger.verify(costOf)).toEqual({
    damage: [],
    orphans: [],
    undecided: 0,
    attempts: 4,
    wrongAttemptCosts: [],
    wrongCallCosts: [],
    wrongHours: [],
  })
  const db = new Database(ledger.path)
  db.pragma('foreign_keys = OFF')
  db.prepare('UPDATE attempt SET cost_nano = 241 WHERE n = 2').run()
  db.prepare('DELETE FROM decision WHERE seq = (SELECT seq FROM call WHERE id = ?)').run(a.id)
  db.prepare('DELETE FROM name WHERE text = ?').run('question')
  db.prepare('UPDATE rollup SET cost_nano = cost_nano + 1').run()
  db.close()
  expect(ledger.verify(costOf)).toMatchObject({
    orphans: ['call → name: 2'],
    undecided: 1,
    wrongAttemptCosts: [{ call: b.id, n: 2, stored: 241, computed: 240 }],
    wrongCallCosts: [{ call: b.id, stored: 240, computed: 241 }],
    wrongHours: [NOON / 3_600_000],
  })
})

it('exports JSON Lines with attempts and bodies, and CSV', async () => {
  const { ledger, b } = await filled()
  const lines = [...ledger.export({ format: 'jsonl', bodies: true })]
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatchObject({
    ...{ id: b.id, startedAt: '2026-11-02T12:00:00.000Z', status: 'ok', costUsd: 2.4e-7, sessionId: 'session-1', tags: ['x'] },
    request: [{ role: 'user', content: 'hi' }],
    reply: { text: 'hello' },
    attemptList: [{ n: 1, outcome: 'error' }, { n: 2, costUsd: 2.4e-7 }, { purpose: 'shadow' }],
  })
  const csv = [...ledger.export({ format: 'csv', since: NOON })].join('').trimEnd().split('\n')
  expect(csv).toHaveLength(3)
  expect(csv[2]).toContain('"cheap, ""good"" enough"')
  expect([...ledger.export({ format: 'jsonl', since: NOON + 1 })]).toEqual([])
})

it('backs up while in use, and never over another file', async () => {
  const { ledger, b } = await filled()
  const to = join(scratchFolder(), 'copy.db')
  await ledger.backup(to)
  await expect(ledger.backup(to)).rejects.toMatchObject({ code: 'E_CONFLICT' })
  if (process.platform !== 'win32') expect(statSync(to).mode & 0o777).toBe(0o600)
  const copy = await scratchLedger({ path: to })
  expect(copy.getCall(b.id)).toEqual(ledger.getCall(b.id))
  expect(copy.bodiesOf(b.id)).toEqual(ledger.bodiesOf(b.id))
})

it('sums by hour what listings and reports show', async () => {
  const { ledger } = await filled()
  const late = sampleOpen({ decidedAtMs: NOON + 3_600_000, profile: 'quality', source: 'import:litellm' })
  await ledger.open(late)
  await ledger.settle(
    sampleSettle(late.id, {
      status: 'error',
      model: null,
      costNano: null,
      baselineCostNano: null,
      attempts: [],
      latencyMs: 50,
      ttftMs: null,
    }),
  )
  expect(ledger.spend({})).toMatchObject({
    calls: 3,
    ok: 2,
    errors: 1,
    unpriced: 1,
    costNano: 480,
    shadowCostNano: 240,
    attempts: 3,
    failovers: 1,
    compared: 2,
    baselineCostNano: 6_200_000,
  })
  expect(ledger.spend({ source: null }).calls).toBe(2)
  expect(ledger.spend({ since: NOON + 3_600_000 }).calls).toBe(1)
  expect(ledger.rollups({ by: ['profile', 'hour'] }).map((r) => [r.by, r.hourMs, r.calls])).toEqual([
    [{ profile: 'balanced' }, NOON, 2],
    [{ profile: 'quality' }, NOON + 3_600_000, 1],
  ])
  const latency = ledger.latencies({ metric: 'latency' }).get('openai/gpt-5-mini')
  expect(latency?.calls).toBe(2)
  expect(Math.abs((latency?.p50Ms ?? 0) / 901 - 1)).toBeLessThan(0.03)
})
