import {
  type DecideInput,
  decide,
  emptyState,
  endogenousOf,
  expectedCost,
  fold,
  type ModelState,
  type PrefixLink,
  type ResolvedPolicy,
} from '../../src/policy/index.js'
import { CALM, input, signals } from './build.js'
import { chain, decided, settled, T0 } from './events.js'

/** One turn of a session: what its prompt holds in all, how hard it is, and how long its answer is against the usual. */
export interface Turn {
  readonly inputTokens: number
  readonly difficulty?: number
  readonly length?: number
}

export interface Course {
  readonly envelope: number
  /** From one turn to the next, milliseconds. */
  readonly gapMs: number
  readonly turns: readonly Turn[]
}

export interface Bill {
  readonly nano: number
  readonly models: readonly string[]
  readonly switches: number
}

export function steadyCourse(envelope: number, growth: number, turns: number): Course {
  return { envelope, gapMs: 20_000, turns: Array.from({ length: turns }, (_, n) => ({ inputTokens: envelope + growth * (n + 1) })) }
}

/**
 * What a session costs on the engine's own expectations, each turn's caches as the turns before have left them. `choose` may overrule the policy;
 * what is billed knows of caches even where the policy is blind to them.
 */
export function billOf(
  pool: readonly ModelState[],
  policyOf: (turnsLeft: number) => ResolvedPolicy,
  course: Course,
  choose?: (decidedModel: string) => string,
): Bill {
  let state = emptyState()
  let leaf: PrefixLink | null = null
  let nano = 0
  const models: string[] = []
  for (const [n, turn] of course.turns.entries()) {
    const atMs = T0 + n * course.gapMs
    const before: number = leaf?.refTokens ?? 0
    leaf = chain([`m${n}`], turn.inputTokens - before, leaf)
    const states = pool.map((m) => ({ ...m, laterOut: m.expectedOut, expectedOut: Math.round(m.expectedOut * (turn.length ?? 1)) }))
    const endogenous = endogenousOf(state, { atMs, session: 's', leaf, models: pool.map((m) => m.rev), signedLoop: false, budgets: [] })
    const policy = policyOf(course.turns.length - 1 - n)
    const i: DecideInput = input({
      atMs,
      policy,
      models: states,
      endogenous,
      signals: signals({
        task: 'agent-step',
        inputTokens: turn.inputTokens,
        difficulty: { p: 0.4, logit: turn.difficulty ?? 0, sd: 1 },
        envelope: { digest: 'ab', tokens: course.envelope },
        tools: { count: 12, nameDigest: 'cd', names: [] },
        trajectory: { ...CALM, inToolLoop: n > 0, loopLength: n },
      }),
    })
    const preferred = decide(i).steps[0]!.model
    const model = states.find((m) => m.rev.id === (choose?.(preferred) ?? preferred))!
    const warm = endogenous.warm.find((w) => w.model === model.rev.id) ?? null
    const outlook = { inputTokens: turn.inputTokens, turnsLeft: 0, growth: 0, cacheAware: true, cacheMarks: true }
    const { cost } = expectedCost(model, model.expectedOut, warm, atMs, outlook)
    nano += cost!
    models.push(model.rev.id)
    state = fold(state, decided({ call: `c${n}`, atMs, leaf, breakpoints: [0, n], chosen: model.rev, policy }))
    state = fold(state, settled({ call: `c${n}`, atMs: atMs + 5000, model: model.rev, cost }))
  }
  return { nano, models, switches: models.filter((m, n) => n > 0 && m !== models[n - 1]).length }
}
