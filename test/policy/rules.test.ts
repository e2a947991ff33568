import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { findDeadRules } from '../../src/config/check-rules.js'
import { resolvePolicies, validateConfig } from '../../src/config/index.js'
import { type DecideInput, decide, type ModelState, type Rule, type When, waitOf } from '../../src/policy/index.js'
import { CALM, input, LARGE, MIDDLE, model, NOTHING_YET, policy, SMALL, signals, weights } from './build.js'

const ALL = [SMALL, MIDDLE, LARGE]

function matched(when: When, over: Partial<DecideInput>): boolean {
  return decide(input({ ...over, policy: policy({ rules: [{ name: 'it', when, use: 'one/large' }] }) })).rule === 'it'
}

describe('a rule matches', () => {
  const cases: readonly (readonly [string, When, Partial<DecideInput>, Partial<DecideInput>])[] = [
    ['a task', { task: 'code' }, { signals: signals({ task: 'code' }) }, { signals: signals({ task: 'chat' }) }],
    ['any of several tasks', { task: ['code', 'math'] }, { signals: signals({ task: 'math' }) }, {}],
    ['a complexity', { complexity: 'complex' }, { signals: signals({ complexity: 'complex' }) }, {}],
    ['a difficulty', { difficulty: { gte: 0.7 } }, { signals: signals({ difficulty: { p: 0.7, logit: 1, sd: 1 } }) }, {}],
    [
      'input tokens',
      { inputTokens: { gt: 128_000 } },
      { signals: signals({ inputTokens: 128_001 }) },
      { signals: signals({ inputTokens: 128_000 }) },
    ],
    ['a number of tools', { tools: { gt: 5 } }, { signals: signals({ tools: { count: 6, nameDigest: '', names: [] } }) }, {}],
    ['a tool by name', { toolNames: 'Read*' }, { signals: signals({ tools: { count: 1, nameDigest: '', names: ['ReadFile'] } }) }, {}],
    ['a need', { needs: ['vision'] }, { signals: signals({ needs: ['vision', 'tools'] }) }, { signals: signals({ needs: ['tools'] }) }],
    ['a language', { language: 'de' }, { signals: signals({ language: 'de' }) }, {}],
    ['a tier', { tier: ['premium'] }, { tier: 'premium' }, { tier: null }],
    ['a tag', { tags: 'nightly' }, { tags: ['batch', 'nightly'] }, { tags: [] }],
    ['a client, whatever its version', { client: 'claude-code' }, { client: 'claude-code/2.1.329' }, { client: 'codex/0.169.0' }],
    [
      'hours of the day, local time',
      { hours: '22-6' },
      { atMs: Date.UTC(2026, 10, 20, 23), tzMin: -60 },
      { atMs: Date.UTC(2026, 10, 20, 5), tzMin: 60 },
    ],
    [
      'what is left of a budget, in USD',
      { budgetLeft: { lt: 1 } },
      { endogenous: { ...NOTHING_YET, budgets: [{ scope: 'k', spent: 4e9, reserved: 0.5e9, limit: 5e9 }] } },
      {},
    ],
    ['the third turn of the session', { turn: { gte: 3 } }, { endogenous: { ...NOTHING_YET, turn: 2 } }, {}],
    [
      'a prompt pattern that the classifier found',
      { prompt: 'refund' },
      { signals: signals({ regex: { refund: true } }) },
      { signals: signals({ regex: { refund: false } }) },
    ],
    ['a side call', { side: true }, { signals: signals({ sideKind: 'title' }) }, {}],
    ['what can wait', { deadline: '24h' }, { deadlineMs: 86_400_000 }, { deadlineMs: 3_600_000 }],
  ]
  it.each(cases)('%s', (_name, when, yes, no) => {
    expect(matched(when, yes)).toBe(true)
    expect(matched(when, no)).toBe(false)
  })

  it('only when every condition holds', () => {
    const both = { task: 'code', tier: 'premium' } as const
    expect(matched(both, { tier: 'premium', signals: signals({ task: 'code' }) })).toBe(true)
    expect(matched(both, { tier: 'premium' })).toBe(false)
  })
})

describe('what a rule does', () => {
  const under = (rules: readonly Rule[], over: Partial<DecideInput> = {}) =>
    decide(input({ ...over, policy: policy({ rules, profiles: { lavish: weights(0, 1, 0) } }) }))

  it('first match wins', () => {
    const plan = under([
      { name: 'a', when: { task: 'math' }, use: 'one/small' },
      { name: 'b', when: { task: 'question' }, use: 'one/large' },
      { name: 'c', when: {}, use: 'one/small' },
    ])
    expect([plan.rule, plan.steps[0]!.model]).toEqual(['b', 'one/large'])
    expect(plan.reason).toContain('rule "b"')
  })

  it('names one model, a list to choose among, a profile, or other weights', () => {
    expect(under([{ when: {}, use: 'one/large' }]).steps[0]!.model).toBe('one/large')
    expect(under([{ when: {}, use: ['one/large', 'two/middle'] }]).steps[0]!.model).toBe('two/middle')
    expect(under([{ when: {}, use: 'profile:lavish' }]).steps[0]!.model).toBe('one/large')
    expect(under([{ when: {}, weights: { cost: 0, quality: 1, latency: 0 } }]).steps[0]!.model).toBe('one/large')
  })

  it('takes the models of a profile too, where that one may not use all', () => {
    const ids = ALL.map(({ rev }) => rev.id)
    const config = (over: object) => ({
      models: ids.map((id) => ({ id, price: { input: 1, output: 2 } })),
      profiles: { able: { models: ['one/large', 'two/middle'] }, elsewhere: { models: ['three/other'] }, plain: over },
    })
    const plainPolicy = (over: object) => resolvePolicies(validateConfig(config(over), 'test'), ids).plain!
    const byRule = plainPolicy({ rules: [{ when: {}, use: 'profile:able' }] })
    const plan = decide(input({ policy: byRule }))
    expect(plan.steps.map((s) => [s.model, s.veto?.code])).toContainEqual(['one/small', 'rule'])
    expect(plan.chain).toBe(2)
    const byArm = plainPolicy({ experiment: { name: 'e', arms: [{ profile: 'able', share: 1 }] } })
    expect(decide(input({ policy: byArm, draws: [0.5, 0.5, 0.5, 0.5] })).chain).toBe(2)
    // A profile's own models bound what it may switch to; where nothing is left, only the weights are taken.
    const bounded = plainPolicy({ models: ['one/small', 'one/large'], rules: [{ when: {}, use: 'profile:able' }] })
    expect(bounded.profiles.able!.models).toEqual(['one/large'])
    expect(plainPolicy({ rules: [{ when: {}, use: 'profile:elsewhere' }] }).profiles.elsewhere!.models).toBeUndefined()
  })

  it('keeps the rest of the pool as fallback, on another provider first, unless it is strict', () => {
    const loose = under([{ when: {}, use: ['one/small'] }])
    expect(loose.steps.slice(0, loose.chain).map((s) => s.model)).toEqual(['one/small', 'two/middle', 'one/large'])
    const strict = under([{ when: {}, use: ['one/small'], strict: true }])
    expect(strict.chain).toBe(1)
    expect(strict.steps.slice(1).map((s) => s.veto?.code)).toEqual(['rule', 'rule'])
  })

  it('honours a model that the floor would have ruled out', () => {
    const hard = signals({ difficulty: { p: 0.9, logit: 3, sd: 1 } })
    expect(under([{ when: {}, use: 'one/small' }], { signals: hard }).steps[0]!.model).toBe('one/small')
  })

  it('leaves a pinned call alone', () => {
    const plan = under([{ when: {}, use: 'one/small' }], { mode: 'pinned', pinned: 'one/large' })
    expect([plan.rule, plan.steps[0]!.model]).toEqual([null, 'one/large'])
  })
})

describe('how long a call may wait', () => {
  const flex: ModelState = { ...LARGE, ttftUs: 60_000_000, rev: { ...LARGE.rev, id: 'one/large@flex', of: 'one/large', tier: 'flex' } }
  const rules: readonly Rule[] = [
    { name: 'nightly', when: { task: 'question' }, deadline: '24h' },
    { name: 'soon', when: { task: 'chat' }, deadline: '0s' },
    { name: 'patient', when: { deadline: '12h' }, use: 'one/small' },
  ]
  const wait = (over: Partial<DecideInput>) => waitOf(input({ policy: policy({ rules }), ...over }))
  const ofProfile = { deadlineMs: 3_600_000, deadlineOfProfile: true }

  it('is what the client says, else the rule that takes it, else its profile', () => {
    expect(wait({ deadlineMs: 60_000 })).toEqual({ ms: 60_000, by: 'client' })
    expect(wait({ deadlineMs: 0 })).toEqual({ ms: null, by: 'client' })
    expect(wait({})).toEqual({ ms: 86_400_000, by: 'rule' })
    expect(wait(ofProfile)).toEqual({ ms: 86_400_000, by: 'rule' })
    expect(wait({ ...ofProfile, signals: signals({ task: 'chat' }) })).toEqual({ ms: null, by: 'rule' })
    expect(wait({ ...ofProfile, signals: signals({ task: 'math' }) })).toEqual({ ms: 3_600_000, by: 'profile' })
    expect(wait({ ...ofProfile, mode: 'pinned', pinned: 'one/small' })).toEqual({ ms: 3_600_000, by: 'profile' })
    expect(wait({ signals: signals({ task: 'math' }) })).toEqual({ ms: null, by: null })
  })

  it('is looked at by conditions as it was before a rule had its say', () => {
    expect(decide(input({ policy: policy({ rules }), models: [...ALL, flex] })).rule).toBe('nightly')
    expect(decide(input({ policy: policy({ rules }), deadlineMs: 43_200_000, signals: signals({ task: 'math' }) })).rule).toBe('patient')
  })

  it('makes being there sooner worth nothing', () => {
    const fast = { ...weights(0, 0, 1), rules }
    const under = (over: Partial<DecideInput>) =>
      decide(input({ policy: policy(fast), models: [LARGE, flex], ...over })).steps[0]!.scores.latency
    expect(under({})).toBe(1)
    const [now, later] = decide(input({ policy: policy(fast), models: [LARGE, flex], signals: signals({ task: 'chat' }) })).steps
    expect(now!.scores.latency).toBeGreaterThan(later!.scores.latency)
  })
})

/** The example of `docs/policy.md`, read from there and resolved as a user's own configuration is. */
describe('the classic rule set', () => {
  const text = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8')
  const block = /<!-- classic rules[\s\S]*?```ts\n([\s\S]*?)```/.exec(text)![1]!
  const source = block.replace(/^import .*$/m, '').replace('export default', 'module.exports =')
  const module = { exports: {} as unknown }
  runInNewContext(source, { module, defineConfig: (config: unknown) => config })
  const ids = ['openai/gpt-5-mini', 'openai/gpt-5', 'anthropic/claude-sonnet-4.5', 'google/gemini-2.5-pro', 'moonshot/kimi-k2.5']
  const classic = resolvePolicies(validateConfig(JSON.parse(JSON.stringify(module.exports)), 'docs/policy.md'), ids).classic!
  const pool = ids.map((id) => model(id, {}, { contextWindow: id.startsWith('google/') ? 1_000_000 : 256_000 }))
  const first = (over: Partial<DecideInput>) => decide(input({ policy: classic, models: pool, ...over })).steps[0]!.model

  it('sends each kind of request where it should go', () => {
    expect(first({})).toBe('openai/gpt-5-mini')
    expect(first({ signals: signals({ task: 'code' }) })).toBe('openai/gpt-5')
    expect(first({ signals: signals({ task: 'reasoning' }) })).toBe('openai/gpt-5')
    expect(first({ tier: 'premium' })).toBe('openai/gpt-5')
    expect(first({ signals: signals({ inputTokens: 130_000 }) })).toBe('google/gemini-2.5-pro')
    expect(first({ signals: signals({ task: 'writing' }) })).toBe('moonshot/kimi-k2.5')
    const tools = { count: 6, nameDigest: '', names: ['a', 'b', 'c', 'd', 'e', 'f'] }
    expect(first({ signals: signals({ task: 'agent-step', tools, trajectory: { ...CALM, inToolLoop: true } }) })).toBe(
      'anthropic/claude-sonnet-4.5',
    )
  })

  it('has no rule that cannot match', () => {
    expect(findDeadRules(classic.rules)).toEqual([])
  })
})
