import fc from 'fast-check'
import { NEEDS } from '../../src/canonical/index.js'
import { type Rates, ratesFromPrice } from '../../src/catalog/index.js'
import { TASKS } from '../../src/classify/types.js'
import type { DecideInput, ModelState } from '../../src/policy/index.js'
import { input, model, policy, rates, signals } from './build.js'

const price = fc.double({ min: 0, max: 50, noNaN: true })

interface Extra {
  readonly write: number | null
  readonly write1h: number | null
  readonly reasoning: number | null
  readonly perCall: number
  readonly longer: boolean
}

/** Every kind of rate that a price list has, USD per million tokens; a fee of so many USD per thousand calls. */
function manyRates(input: number, output: number, { write, write1h, reasoning, perCall, longer }: Extra): Rates {
  const flat = ratesFromPrice({
    input,
    output,
    cacheRead: input / 10,
    ...(write === null ? {} : { cacheWrite: write }),
    ...(write1h === null ? {} : { cacheWrite1h: write1h }),
    ...(reasoning === null ? {} : { reasoning }),
    perCall: perCall / 1000,
  })
  return longer ? { ...flat, tiers: [{ ...flat, above: 100_000, output: flat.output! * 2, input: flat.input! * 2 }] } : flat
}

/** A model with any price, also free or unknown, any speed and any strength. */
export function anyModel(id: string): fc.Arbitrary<ModelState> {
  return fc
    .record({
      provider: fc.constantFrom('one', 'two', 'three'),
      input: fc.option(price, { freq: 12 }),
      output: price,
      extra: fc.record({
        write: fc.option(price),
        write1h: fc.option(price),
        reasoning: fc.option(price),
        perCall: price,
        longer: fc.boolean(),
      }),
      maxOutput: fc.option(fc.integer({ min: 1, max: 128_000 })),
      ability: fc.double({ min: -4, max: 6, noNaN: true }),
      ttftUs: fc.integer({ min: 0, max: 20_000_000 }),
      usPerToken: fc.integer({ min: 0, max: 500_000 }),
      expectedOut: fc.integer({ min: 1, max: 8000 }),
      laterOut: fc.option(fc.integer({ min: 1, max: 8000 }), { nil: undefined }),
      ratio: fc.double({ min: 0.5, max: 2, noNaN: true }),
      quotaLeft: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      breaker: fc.constantFrom('closed' as const, 'closed' as const, 'half-open' as const, 'open' as const),
      window: fc.option(fc.constantFrom(4_096, 128_000, 1_000_000)),
      needs: fc.subarray([...NEEDS]),
      onGrid: fc.boolean(),
    })
    .map((r) => {
      // What the pipeline measures is in millionths, which a record stores in fewer bytes than any other number.
      const measured = (x: number): number => (r.onGrid ? Math.round(x * 1e6) / 1e6 : x)
      const plain = model(`${r.provider}/${id}`, {
        ability: measured(r.ability),
        ttftUs: r.ttftUs,
        usPerToken: r.usPerToken,
        expectedOut: r.expectedOut,
        ...(r.laterOut === undefined ? {} : { laterOut: r.laterOut }),
        tokenizerRatio: measured(r.ratio),
        quotaLeft: r.quotaLeft === null ? null : measured(r.quotaLeft),
        breaker: r.breaker,
      })
      const accepts = { ...plain.rev.accepts, needs: r.needs }
      const priced = r.input === null ? null : manyRates(r.input, r.output, r.extra)
      return { ...plain, rev: { ...plain.rev, rates: priced, contextWindow: r.window, maxOutput: r.maxOutput, accepts } }
    })
}

export function anyPool(min = 1, max = 7): fc.Arbitrary<ModelState[]> {
  return fc.integer({ min, max }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => anyModel(`m${i}`)))) as fc.Arbitrary<
    ModelState[]
  >
}

/** Models that nothing but their numbers tells apart: all priced, healthy and able. */
export function plainPool(min = 2, max = 6): fc.Arbitrary<ModelState[]> {
  return anyPool(min, max).map((pool) =>
    pool.map((m, i) => ({
      ...m,
      quotaLeft: null,
      breaker: 'closed' as const,
      rev: { ...m.rev, contextWindow: null, rates: m.rev.rates ?? rates(i, i + 1), accepts: { ...m.rev.accepts, needs: [...NEEDS] } },
    })),
  )
}

export const anySignals = fc
  .record({
    task: fc.constantFrom(...TASKS),
    complexity: fc.constantFrom('simple' as const, 'medium' as const, 'complex' as const),
    logit: fc.double({ min: -5, max: 5, noNaN: true }),
    p: fc.double({ min: 0, max: 1, noNaN: true }),
    inputTokens: fc.integer({ min: 1, max: 300_000 }),
    needs: fc.subarray(['tools', 'vision', 'json'] as const),
    names: fc.array(fc.string(), { maxLength: 6 }),
    sideKind: fc.constantFrom(null, 'title' as const),
    remote: fc.constantFrom(null, { grade: 0.25, note: 'naïve' }),
    regex: fc.dictionary(fc.string(), fc.boolean(), { maxKeys: 2 }),
    errors: fc.integer({ min: 0, max: 9 }),
  })
  .map((s) => {
    const plain = signals({ task: s.task, complexity: s.complexity, needs: s.needs, inputTokens: s.inputTokens, sideKind: s.sideKind })
    return {
      ...plain,
      difficulty: { p: s.p, logit: s.logit, sd: 1 },
      tools: { count: s.names.length, nameDigest: '00ff00ff00ff00ff', names: s.names },
      remote: s.remote,
      regex: s.regex,
      trajectory: { ...plain.trajectory, toolErrors: s.errors, failedChecks: s.errors, inToolLoop: s.errors > 3 },
    }
  })

export const anyStrategy = fc.oneof(
  fc.record({ kind: fc.constant('weights' as const), weights: fc.record({ cost: price, quality: price, latency: price }) }),
  fc.record({ kind: fc.constant('weights' as const), weights: fc.record({ cost: price, quality: price, latency: price, carbon: price }) }),
  fc.record({ kind: fc.constant('cheapest' as const), minQuality: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.constantFrom({ kind: 'balanced' as const }, { kind: 'best' as const }),
)

const draw = fc.double({ min: 0, max: 0.999, noNaN: true })

function flexOf(m: ModelState): ModelState {
  return { ...m, rev: { ...m.rev, id: `${m.rev.id}@flex`, of: m.rev.id, tier: 'flex' } }
}

/** Any input that the pipeline could make: any pool, strategy, health, warm caches, ladder, budgets, draws. */
export const anyInput: fc.Arbitrary<DecideInput> = fc
  .record({
    models: anyPool(0, 7),
    signals: anySignals,
    strategy: anyStrategy,
    floor: fc.double({ min: 0, max: 1, noNaN: true }),
    cascade: fc.boolean(),
    explore: fc.boolean(),
    action: fc.constantFrom('clamp' as const, 'downgrade' as const, 'block' as const, 'warn' as const),
    draws: fc.array(draw, { maxLength: 3 }),
    warmAt: fc.integer({ min: 0, max: 9 }),
    rung: fc.integer({ min: 0, max: 3 }),
    budget: fc.option(fc.integer({ min: 0, max: 2_000_000_000 })),
    pinnedAt: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 4 }),
    limit: fc.option(fc.integer({ min: 1, max: 64_000 })),
    stream: fc.boolean(),
    loop: fc.boolean(),
    tags: fc.array(fc.string(), { maxLength: 2 }),
    deadlineMs: fc.option(fc.integer({ min: 0, max: 86_400_000 }), { freq: 3 }),
    deadlineOfProfile: fc.boolean(),
    ruleDeadline: fc.constantFrom(null, '0s', '30s', '24h'),
    flex: fc.boolean(),
    tier: fc.option(fc.string()),
    tzMin: fc.integer({ min: -720, max: 840 }),
    client: fc.string(),
    mode: fc.constantFrom('auto' as const, 'alias' as const),
    kind: fc.constantFrom('chat' as const, 'chat' as const, 'embedding' as const),
    cacheMarks: fc.boolean(),
    gone: fc.constantFrom(null, 'gone/model'),
    stickyArm: fc.option(fc.string()),
    stoppedArms: fc.option(fc.array(fc.string(), { maxLength: 2 }), { nil: undefined }),
    returns: fc.nat(200),
  })
  .map((r) => {
    const warm = r.models[r.warmAt]
    const pinned = r.pinnedAt === null ? null : (r.models[r.pinnedAt]?.rev.id ?? null)
    const atMs = 1_760_000_000_000
    const slower = r.flex && r.models[0] !== undefined ? [flexOf(r.models[0])] : []
    const warmModel = r.gone ?? warm?.rev.id ?? null
    return input({
      atMs,
      tzMin: r.tzMin,
      tier: r.tier,
      client: r.client,
      kind: r.kind,
      cacheMarks: r.cacheMarks,
      models: [...r.models, ...slower],
      deadlineMs: r.deadlineMs,
      ...(r.deadlineMs !== null && r.deadlineOfProfile ? { deadlineOfProfile: true } : {}),
      signals: r.signals,
      policy: policy({
        strategy: r.strategy,
        floor: r.floor,
        cascade: { enabled: r.cascade, threshold: 0.6, holdMs: r.explore ? 500 : 0 },
        exploration: { rate: r.explore ? 0.2 : 0, margin: 0.1 },
        limits: { budgetAction: r.action },
        rules: [
          { name: 'long', when: { inputTokens: { gt: 200_000 } }, use: r.models.slice(0, 2).map((m) => m.rev.id) },
          ...(r.ruleDeadline === null ? [] : [{ when: { task: ['code', 'question'] as const }, deadline: r.ruleDeadline }]),
        ],
      }),
      mode: pinned === null ? r.mode : 'pinned',
      pinned,
      limit: r.limit,
      stream: r.stream,
      tags: r.tags,
      draws: r.draws,
      endogenous: {
        warm:
          warmModel === null
            ? []
            : [
                {
                  account: warm?.rev.account ?? 'gone',
                  model: warmModel,
                  prefix: 'ab'.repeat(16),
                  tokens: 5000,
                  untilMs: atMs + 1000,
                  hit: 0.8125,
                },
              ],
        ladder: r.rung === 3 ? null : { rung: r.rung, evidence: 0.57, seen: 1.5, userTurns: 1 },
        openLoop: r.loop ? warmModel : null,
        lastModel: warmModel,
        turn: 3,
        returns: r.returns,
        stickyArm: r.stickyArm,
        ...(r.stoppedArms === undefined ? {} : { stoppedArms: r.stoppedArms }),
        budgets: r.budget === null ? [] : [{ scope: 'key:a@2026-11', spent: 1000, reserved: 5, limit: r.budget }],
      },
    })
  })
