import type { ModelRev, Rates } from '../../src/catalog/types.js'
import type { Signals, Trajectory } from '../../src/classify/types.js'
import {
  type DecideInput,
  type Endogenous,
  type ModelState,
  PRESETS,
  PROFILE_DEFAULTS,
  type ResolvedPolicy,
} from '../../src/policy/index.js'

/** USD per million tokens, as price lists state them. */
export function rates(input: number, output: number, cacheRead: number | null = null, cacheWrite: number | null = null): Rates {
  const pico = (usd: number | null) => (usd === null ? null : Math.round(usd * 1e6))
  return {
    input: pico(input),
    output: pico(output),
    cacheRead: pico(cacheRead),
    cacheWrite5m: pico(cacheWrite),
    cacheWrite1h: null,
    reasoning: null,
    perCall: 0,
  }
}

const ABILITY = { mean: 1, se: 0.3 }

export function rev(id: string, over: Partial<ModelRev> = {}): ModelRev {
  const [provider = id, name = id] = id.split('/')
  return {
    id,
    provider,
    account: `${provider}:default`,
    name,
    wire: 'openai-chat',
    kind: 'chat',
    rates: rates(1, 4, 0.1),
    batchRates: null,
    flexRates: null,
    contextWindow: 200_000,
    maxOutput: 64_000,
    accepts: {
      needs: ['tools', 'parallel-tools', 'vision', 'json', 'json-schema', 'n', 'logprobs'],
      refuses: [],
      maxTokensField: 'max_tokens',
      developerRole: false,
      efforts: [],
      thinking: 'none',
      maxOutput: 64_000,
    },
    cache: { mode: 'automatic', minTokens: 1024, stepTokens: 128, ttlMs: 300_000 },
    ability: { chat: ABILITY, knowledge: ABILITY, coding: ABILITY, math: ABILITY, tools: ABILITY, writing: ABILITY, vision: ABILITY },
    abilityBasis: 'measured',
    tokenizerRatio: 1,
    speed: { ttftMs: 500, tokensPerSecond: 100 },
    verbosity: 1,
    reasoning: false,
    carbon: null,
    limits: { rpm: null, tpm: null },
    simulated: false,
    ...over,
  }
}

export function model(id: string, over: Partial<ModelState> = {}, revOver: Partial<ModelRev> = {}): ModelState {
  return {
    rev: rev(id, revOver),
    breaker: 'closed',
    quotaLeft: null,
    ttftUs: 500_000,
    usPerToken: 10_000,
    tokenizerRatio: 1,
    expectedOut: 300,
    ability: 1,
    abilitySd: 0.3,
    ...over,
  }
}

export const CALM: Trajectory = {
  userTurns: 1,
  loopLength: 0,
  inToolLoop: false,
  toolErrors: 0,
  failedChecks: 0,
  lastCheckFailed: false,
  checkRecovered: false,
  repeatedCalls: 0,
  sameFileEdits: 0,
  userCorrection: false,
  userRepeat: false,
  malformedCalls: 0,
  emptyAnswer: false,
  refusal: false,
}

export function signals(over: Partial<Signals> = {}): Signals {
  return {
    task: 'question',
    complexity: 'medium',
    difficulty: { p: 0.4, logit: 0, sd: 1 },
    gain: 0.3,
    confidence: 0.6,
    needs: [],
    language: 'en',
    sideKind: null,
    tools: { count: 0, nameDigest: '', names: [] },
    trajectory: CALM,
    inputTokens: 800,
    envelope: { digest: '00112233445566ff', tokens: 100 },
    regex: {},
    remote: null,
    ...over,
  }
}

export function policy(over: Partial<ResolvedPolicy> = {}): ResolvedPolicy {
  return { name: 'balanced', ...PRESETS.balanced, ...PROFILE_DEFAULTS, rules: [], profiles: {}, pool: [], baseline: null, ...over }
}

export const NOTHING_YET: Endogenous = {
  warm: [],
  ladder: null,
  openLoop: null,
  lastModel: null,
  turn: 0,
  returns: 0,
  stickyArm: null,
  budgets: [],
}

/** Three models as pools have them: small and cheap, middling, large and dear; two providers. */
export const SMALL = model('one/small', { ability: 0.8, ttftUs: 300_000, usPerToken: 5_000 }, { rates: rates(0.1, 0.4, 0.01) })
export const MIDDLE = model('two/middle', { ability: 1.8 }, { rates: rates(1, 5, 0.1) })
export const LARGE = model('one/large', { ability: 2.6, ttftUs: 900_000, usPerToken: 15_000 }, { rates: rates(5, 25, 0.5) })

export function input(over: Partial<DecideInput> = {}): DecideInput {
  return {
    atMs: Date.UTC(2026, 10, 20, 12),
    tzMin: 0,
    policy: policy(),
    signals: signals(),
    mode: 'auto',
    pinned: null,
    tier: null,
    tags: [],
    client: 'test/1.0',
    kind: 'chat',
    limit: null,
    stream: false,
    cacheMarks: true,
    deadlineMs: null,
    models: [SMALL, MIDDLE, LARGE],
    endogenous: NOTHING_YET,
    draws: [],
    ...over,
  }
}

export function weights(cost: number, quality: number, latency: number, floor = 0): Pick<ResolvedPolicy, 'strategy' | 'floor'> {
  return { strategy: { kind: 'weights', weights: { cost, quality, latency } }, floor }
}
