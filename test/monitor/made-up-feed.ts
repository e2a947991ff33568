import type { CallLine, Feed, Snapshot } from '../../src/monitor/index.js'

const AT = new Date(2026, 10, 21, 12, 0, 0).getTime()

export function madeUpCall(n: number, more: Partial<CallLine> = {}): CallLine {
  return {
    seq: n,
    id: `01CALL${String(n).padStart(4, '0')}`,
    startedAtMs: AT + n * 1000,
    status: 'ok',
    client: 'opencode',
    session: `s${n % 3}`,
    turn: n,
    profile: 'balanced',
    model: n % 2 === 0 ? 'openai/gpt-5-mini' : 'anthropic/claude-sonnet-4.5',
    task: n % 2 === 0 ? 'chat' : 'agent-step',
    complexity: 'simple',
    difficulty: (n % 10) / 10,
    costNano: 1_000_000 * n,
    costNotional: false,
    baseline: 'anthropic/claude-opus-4.5',
    baselineCostNano: 9_000_000 * n,
    ttftMs: 120,
    latencyMs: 800 + n,
    promptTokens: 1000,
    cachedTokens: 400,
    outputTokens: 100,
    attempts: 1,
    reason: `simple chat: best score of 4, call ${n}`,
    error: null,
    ...more,
  }
}

export function madeUpSnapshot(calls: readonly CallLine[], more: Partial<Snapshot> = {}): Snapshot {
  const span = {
    calls: calls.length,
    costNano: 12_300_000,
    notionalNano: 0,
    unpriced: 0,
    savingsNano: 45_600_000,
    savingsLowNano: 40_000_000,
    savingsHighNano: 51_000_000,
    baselineNano: 57_900_000,
  }
  return {
    nowMs: AT + 60_000,
    calls,
    today: span,
    month: span,
    baselines: ['anthropic/claude-opus-4.5'],
    callsPerMinute: 42,
    overhead: { p50Ms: 1.2, p95Ms: 4.8 },
    models: [
      { model: 'openai/gpt-5-mini', calls: 5, costNano: 2_000_000, breaker: 'closed' },
      { model: 'anthropic/claude-sonnet-4.5', calls: 3, costNano: 8_000_000, breaker: 'open' },
    ],
    trend: [0, 1, 2, 3, 4, 5, 6, 7].map((n) => n * 1_000_000),
    sessions: [{ session: 's1', client: 'opencode', turns: 7, model: 'openai/gpt-5-mini', lastAtMs: AT, costNano: 3_000_000, warmth: 0.8 }],
    daemon: { url: 'http://127.0.0.1:4141', profile: 'balanced', sandbox: false, pool: 2 },
    ...more,
  }
}

/** A feed that shows what it is told to. */
export function madeUpFeed(first: Snapshot): Feed & { show(next: Snapshot): void } {
  let snapshot = first
  return {
    read: () => snapshot,
    show(next) {
      snapshot = next
    },
    explain: (id) => [`why ${id}`, 'Reason  it was the best'],
    whatIf: async ({ cost }) => ({
      calls: 100,
      changed: Math.round(cost * 100),
      actualUsd: 1,
      simulatedUsd: 1 - cost / 2,
      lowUsd: 0.5,
      highUsd: 1,
      qualityActual: 0.9,
      qualitySimulated: 0.88,
      evidence: 'sufficient',
    }),
  }
}
