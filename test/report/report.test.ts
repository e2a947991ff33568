import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallOpen, type CallSettle, callJson, type Ledger, openLedger } from '../../src/ledger/index.js'
import { buildReport, pageData, reportPage, savingsInterval } from '../../src/report/index.js'

const NOW = new Date(2026, 10, 21, 12, 0, 0).getTime()
const HOUR = 3_600_000
const EMPTY = new Uint8Array()

interface Row {
  readonly model: string
  readonly task?: string
  readonly session?: string | null
  readonly hoursAgo?: number
  /** USD; null is unpriced. */
  readonly cost: number | null
  readonly baseline?: number | null
  readonly status?: 'ok' | 'error'
  readonly attempts?: number
  readonly input?: number
  readonly cached?: number
}

const nano = (usd: number): number => Math.round(usd * 1e9)

function rows(row: Row, n: number): { open: CallOpen; settle: CallSettle } {
  const { model, task = 'chat', session = `s${n}`, hoursAgo = 1, cost, baseline = cost === null ? null : cost * 10, status = 'ok' } = row
  const atMs = NOW - hoursAgo * HOUR
  const id = `01REPORT${String(n).padStart(18, '0')}`
  const open: CallOpen = {
    id,
    decidedAtMs: atMs,
    tzMin: 0,
    session,
    turn: 1,
    parentCall: null,
    retryOf: null,
    sideKind: null,
    client: 'openai-sdk',
    key: null,
    tier: null,
    tags: [],
    mode: 'auto',
    format: 'openai-chat',
    profile: 'balanced',
    requestedModel: 'auto',
    chosen: model,
    baseline: 'lab/best',
    policyHash: 'a'.repeat(32),
    classifierHash: 'b',
    prefixes: [],
    breakpoints: [],
    limit: null,
    stream: false,
    task,
    complexity: 'simple',
    difficulty: 0.2,
    inputTokensEstimate: 10,
    signals: EMPTY,
    input: EMPTY,
    plan: EMPTY,
    stateHash: 'c'.repeat(32),
    rule: null,
    reason: 'best <score>',
    reservations: [],
  }
  const attempt = (attemptNumber: number, last: boolean) => ({
    n: attemptNumber,
    purpose: 'serve' as const,
    model,
    modelRev: 'd'.repeat(32),
    t0: atMs,
    sentMs: 1,
    firstByteMs: 50,
    endMs: 100,
    outcome: last ? status : ('error' as const),
    status: last ? 200 : 503,
    errorCode: null,
    retryAfterMs: null,
    inputTokens: last ? (row.input ?? 60) : null,
    cacheReadTokens: last ? (row.cached ?? 40) : null,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    outputTokens: last ? 20 : null,
    reasoningTokens: null,
    usageSource: 'reported' as const,
    costNano: cost === null ? null : last ? nano(cost) : 0,
    billed: 'yes' as const,
    splices: [],
    losses: [],
  })
  const count = row.attempts ?? 1
  const settle: CallSettle = {
    id,
    settledAtMs: atMs + 100,
    status,
    model,
    attempts: Array.from({ length: count }, (_, at) => attempt(at + 1, at === count - 1)),
    costNano: cost === null ? null : nano(cost),
    baselineCostNano: baseline === null ? null : nano(baseline),
    ttftMs: 50,
    latencyMs: 100,
    error: status === 'ok' ? null : 'it broke',
    httpStatus: 200,
  }
  return { open, settle }
}

let folder: string
let ledger: Ledger
const CALLS: readonly Row[] = [
  { model: 'lab/small', cost: 0.001, session: 'a' },
  { model: 'lab/small', cost: 0.002, session: 'a', task: 'code' },
  { model: 'lab/large', cost: 0.05, session: 'b', task: 'code', attempts: 2 },
  { model: 'lab/large', cost: 0.04, session: 'b', baseline: 0.03 },
  { model: 'lab/unpriced', cost: null, session: 'c' },
  { model: 'lab/small', cost: 0.001, session: 'd', status: 'error' },
  { model: 'lab/small', cost: 0.004, session: 'e', hoursAgo: 50, input: 0, cached: 100 },
]

/** A ledger that holds these calls. */
async function ledgerOf(name: string, calls: readonly Row[]): Promise<Ledger> {
  const made = await openLedger(join(folder, name))
  made.startRun({ appVersion: '0', engine: 1, startedAt: NOW })
  await made.remember('policy', 'a'.repeat(32), '{}')
  await made.remember('model_rev', 'd'.repeat(32), '{}')
  for (const [n, row] of calls.entries()) {
    const { open, settle } = rows(row, n)
    await made.open(open)
    await made.settle(settle)
  }
  return made
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmroute-report-'))
  ledger = await ledgerOf('ledger.db', CALLS)
  await ledger.outcome({ call: `01REPORT${'2'.padStart(18, '0')}`, kind: 'ladder', value: 1, atMs: NOW })
  await ledger.flush()
})
afterAll(async () => {
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('report', () => {
  it('adds up spend and tokens, unpriced calls apart', () => {
    const report = buildReport(ledger, { by: 'model', nowMs: NOW })
    expect(report).toMatchObject({ calls: 7, unpricedCalls: 1, inputTokens: 700, cachedInputTokens: 340, outputTokens: 140 })
    expect(report.costUsd).toBeCloseTo(0.098, 9)
    expect(report.cacheHitRate).toBeCloseTo(340 / 700, 9)
  })

  it('gives rates a call: errors, failovers, escalations', () => {
    const report = buildReport(ledger, { by: 'model', nowMs: NOW })
    expect(report.errorRate).toBeCloseTo(1 / 7, 9)
    expect(report.failoverRate).toBeCloseTo(1 / 7, 9)
    expect(report.escalationRate).toBeCloseTo(1 / 7, 9)
  })

  it('compares with the baseline over calls where both costs are known, signed', () => {
    const [baseline, ...others] = buildReport(ledger, { by: 'model', nowMs: NOW }).baselines
    expect(others).toEqual([])
    expect(baseline).toMatchObject({ name: 'lab/best', calls: 6 })
    const saved = 0.009 + 0.018 + 0.45 - 0.01 + 0.009 + 0.036
    expect(baseline?.savingsUsd).toBeCloseTo(saved, 9)
    expect(baseline?.savingsUsdLow).toBeLessThan(saved)
    expect(baseline?.savingsUsdHigh).toBeGreaterThan(saved)
  })

  it('says a loss as a loss, in all and by group', async () => {
    const dear = await ledgerOf('dear.db', [
      { model: 'lab/large', cost: 0.04, session: 'a', baseline: 0.03 },
      { model: 'lab/large', cost: 0.05, session: 'b', baseline: 0.02 },
    ])
    await dear.flush()
    const { baselines, groups } = buildReport(dear, { by: 'model', nowMs: NOW })
    await dear.close()
    expect(baselines).toMatchObject([{ savingsUsd: -0.04, savingsFraction: -0.8 }])
    expect(groups).toMatchObject([{ name: 'lab/large', savingsUsd: -0.04 }])
  })

  it('groups, dearest first, and leaves out what is older', () => {
    const by = (what: 'model' | 'task' | 'route' | 'client' | 'key' | 'profile', since?: number) =>
      buildReport(ledger, { by: what, nowMs: NOW, ...(since === undefined ? {} : { since }) }).groups.map(({ name, calls }) => [
        name,
        calls,
      ])
    expect(by('model')).toEqual([
      ['lab/large', 2],
      ['lab/small', 4],
      ['lab/unpriced', 1],
    ])
    expect(by('task')).toEqual([
      ['code', 2],
      ['chat', 5],
    ])
    expect(by('route')).toEqual([
      ['balanced: code, simple', 2],
      ['balanced: chat, simple', 5],
    ])
    expect(by('client')).toEqual([['openai-sdk', 7]])
    expect(by('key')).toEqual([['no key', 7]])
    expect(by('profile', NOW - 24 * HOUR)).toEqual([['balanced', 6]])
  })

  it('covers whole hours, of which it names the bounds, with everything in them', async () => {
    const hour = await ledgerOf('hour.db', [
      { model: 'lab/large', cost: 0.04, hoursAgo: 1.75 },
      { model: 'lab/large', cost: 0.05, hoursAgo: 1.25 },
      { model: 'lab/large', cost: 0.06, hoursAgo: 0.5 },
    ])
    await hour.flush()
    const asked = { since: NOW - 1.6 * HOUR, until: NOW - 1.5 * HOUR, nowMs: NOW }
    const bounds = { since: new Date(NOW - 2 * HOUR).toISOString(), until: new Date(NOW - HOUR).toISOString() }
    const report = buildReport(hour, { ...asked, by: 'model' })
    const page = pageData(hour, asked)
    const toNow = buildReport(hour, { by: 'model', until: NOW - HOUR / 4, nowMs: NOW - HOUR / 8 })
    await hour.close()
    expect(report).toMatchObject({ ...bounds, calls: 2, lookedAt: 2 })
    expect(page.report).toEqual(report)
    expect(toNow).toMatchObject({ until: new Date(NOW - HOUR / 8).toISOString(), calls: 3, lookedAt: 3 })
  })

  it('lists days in order, local ones', () => {
    expect(buildReport(ledger, { by: 'day', nowMs: NOW }).groups.map(({ name }) => name)).toEqual(['2026-11-19', '2026-11-21'])
  })

  it('does without decisions that cannot be read', () => {
    expect(buildReport(ledger, { by: 'model', nowMs: NOW }).overProvisioned).toEqual([])
  })

  it('shows a call with unknown as null and every token kind', () => {
    const [call] = ledger.listCalls({ model: 'lab/unpriced' })
    expect(call && callJson(call)).toMatchObject({
      costUsd: null,
      baselineCostUsd: null,
      inputTokens: 100,
      cachedInputTokens: 40,
      startedAt: new Date(NOW - HOUR).toISOString(),
    })
  })
})

describe('the interval of savings', () => {
  const comparison = { baseline: 'b', calls: 4, costNano: 0, baselineCostNano: 400, clusters: 4, squaredSavings: 4 * 100 * 100 }

  it('has no width when all sessions save the same', () => {
    expect(savingsInterval(comparison)).toEqual({ low: 400, high: 400 })
  })

  it('grows with the spread between sessions', () => {
    const spread = savingsInterval({ ...comparison, squaredSavings: 2 * 200 * 200 })
    // Savings 0, 0, 200, 200: standard deviation 115.47, of the sum of four 230.94.
    expect(spread).toEqual({ low: 400 - 453, high: 400 + 453 })
  })

  it('is unknown for a single session', () => {
    expect(savingsInterval({ ...comparison, clusters: 1 })).toBeNull()
  })
})

describe('the page', () => {
  it('stands alone and takes nobody’s words for markup', () => {
    const html = reportPage(pageData(ledger, { nowMs: NOW }))
    expect(html).toMatch(/^<!doctype html>/)
    expect(html).not.toMatch(/<script|<link|https?:\/\/|@import|url\(/)
    expect(html).toMatch(/prefers-color-scheme: dark/)
    expect(html).toMatch(/@media print/)
    for (const title of ['Spend a day', 'Models', 'Tasks', 'Routes', 'Latency', 'Dearest sessions of late', 'Clients'])
      expect(html).toContain(`<h2>${title}</h2>`)
    expect(html).toContain('lab/unpriced')
  })

  it('escapes what models and clients are called', async () => {
    const { open, settle } = rows({ model: '<img src=x>', cost: 0.1 }, 99)
    await ledger.open({ ...open, client: '"><script>' })
    await ledger.settle(settle)
    const html = reportPage(pageData(ledger, { nowMs: NOW }))
    expect(html).not.toMatch(/<img|<script/)
    expect(html).toContain('&#60;img src=x&#62;')
  })
})

describe('what routing brought in under a profile', () => {
  it('is less what judges, answers sent back and shadows cost', async () => {
    for (const n of [101, 102]) {
      const { open, settle } = rows({ model: 'lab/small', cost: 0.01, baseline: 0.05, session: `own${n}` }, n)
      const served = settle.attempts[0]!
      const attempts = [
        { ...served, outcome: 'refused' as const, costNano: nano(0.001) },
        { ...served, n: 2, purpose: 'judge' as const, costNano: nano(0.002) },
        { ...served, n: 3, purpose: 'batch' as const },
        { ...served, n: 4, purpose: 'shadow' as const, costNano: nano(0.004) },
        { ...served, n: 5, purpose: 'shadow' as const, costNano: null },
      ]
      await ledger.open({ ...open, profile: 'guarded' })
      await ledger.settle({ ...settle, attempts })
    }
    const { profiles } = buildReport(ledger, { by: 'model', nowMs: NOW })
    expect(profiles.map(({ profile }) => profile)).toEqual(['balanced', 'guarded'])
    expect(profiles[1]).toEqual({
      profile: 'guarded',
      calls: 2,
      costUsd: 0.02,
      savingsUsd: 0.08,
      savingsUsdLow: 0.08,
      savingsUsdHigh: 0.08,
      overheadUsd: 0.014,
      returnPerUsd: 4,
    })
  })
})
