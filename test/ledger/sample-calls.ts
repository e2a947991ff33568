import { digest, newId } from '../../src/kit/index.js'
import type { AttemptRow, CallOpen, CallSettle } from '../../src/ledger/index.js'

/** Noon, 2 November 2026, UTC. */
export const NOON = Date.UTC(2026, 10, 2, 12)

export function sampleOpen(changes: Partial<CallOpen> = {}): CallOpen {
  return {
    id: newId(),
    decidedAtMs: NOON,
    tzMin: 60,
    session: 'session-1',
    turn: 1,
    parentCall: null,
    retryOf: null,
    sideKind: null,
    client: 'openai-node',
    key: null,
    tier: null,
    tags: [],
    mode: 'auto',
    format: 'openai-chat',
    profile: 'balanced',
    requestedModel: 'auto',
    chosen: 'openai/gpt-5-mini',
    baseline: 'anthropic/claude-opus-4.5',
    policyHash: digest('policy'),
    classifierHash: digest('classifier'),
    prefixes: [
      { digest: digest('system'), refTokens: 40 },
      { digest: digest('system hi'), refTokens: 52 },
    ],
    breakpoints: [],
    limit: null,
    stream: true,
    task: 'question',
    complexity: 'simple',
    difficulty: 0.25,
    inputTokensEstimate: 52,
    signals: Buffer.from('signals'),
    input: Buffer.from('input'),
    plan: Buffer.from('plan'),
    stateHash: digest('state'),
    rule: null,
    reason: 'gpt-5-mini: cheapest that is good enough',
    reservations: [],
    ...changes,
  }
}

export function sampleAttempt(changes: Partial<AttemptRow> = {}): AttemptRow {
  return {
    n: 1,
    purpose: 'serve',
    model: 'openai/gpt-5-mini',
    modelRev: digest('gpt-5-mini'),
    t0: NOON + 1,
    sentMs: 2,
    firstByteMs: 180.5,
    endMs: 900.25,
    outcome: 'ok',
    status: 200,
    errorCode: null,
    retryAfterMs: null,
    inputTokens: 20,
    cacheReadTokens: 32,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    outputTokens: 120,
    reasoningTokens: 64,
    usageSource: 'reported',
    costNano: 245_000,
    billed: 'yes',
    splices: [],
    losses: [],
    ...changes,
  }
}

export function sampleSettle(id: string, changes: Partial<CallSettle> = {}): CallSettle {
  return {
    id,
    settledAtMs: NOON + 901,
    status: 'ok',
    model: 'openai/gpt-5-mini',
    attempts: [sampleAttempt()],
    costNano: 245_000,
    baselineCostNano: 3_100_000,
    ttftMs: 180.5,
    latencyMs: 901,
    error: null,
    httpStatus: 200,
    ...changes,
  }
}
