import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelRev } from '../../src/catalog/types.js'
import { drawNormal, seededRandom } from '../../src/kit/index.js'
import {
  type AttemptSeen,
  decide,
  emptyLearned,
  type Learned,
  learn,
  modelStates,
  type PoolEntry,
  posterior,
  writtenTask,
} from '../../src/policy/index.js'
import { input, rev, signals } from './build.js'

function attempt(model: ModelRev, over: Partial<AttemptSeen> = {}): AttemptSeen {
  return {
    type: 'attempt',
    model,
    task: 'question',
    complexity: 'medium',
    estimatedTokens: 800,
    inputTokens: 800,
    outputTokens: 300,
    limit: null,
    stream: true,
    firstByteMs: 500,
    endMs: 3490,
    ...over,
  }
}

function learnedFrom(events: readonly AttemptSeen[]): Learned {
  return events.reduce<Learned>((state, event) => learn(state, event), emptyLearned())
}

function entry(r: ModelRev): PoolEntry {
  return { rev: r, breaker: 'closed', quotaLeft: null, ability: { mean: 1.5, se: 0.3 } }
}

function statesOf(learned: Learned, ...revs: ModelRev[]) {
  return modelStates(learned, signals(), revs.map(entry))
}

function times<T>(n: number, value: T): T[] {
  return Array.from({ length: n }, () => value)
}

const A = rev('one/a')
const B = rev('one/b')
const C = rev('two/c')

describe('what is expected of a model', () => {
  it('is the catalog, corrected by what was measured here', () => {
    const [a] = statesOf(learnedFrom(times(200, attempt(A, { firstByteMs: 1500, endMs: 7480, outputTokens: 600, inputTokens: 880 }))), A)
    expect(a!.ttftUs / 1500).toBeCloseTo(1000, -2)
    expect(a!.usPerToken).toBeGreaterThan(9_500)
    expect(a!.usPerToken).toBeLessThan(10_500)
    expect(a!.expectedOut).toBeGreaterThan(560)
    expect(a!.expectedOut).toBeLessThan(640)
    expect(a!.tokenizerRatio).toBeCloseTo(1.1, 2)
  })

  it('takes the mean, not the median, of output tokens, since they are paid for one by one', () => {
    const mixed = times(100, [attempt(A, { outputTokens: 100 }), attempt(A, { outputTokens: 900 })]).flat()
    const [a] = statesOf(learnedFrom(mixed), A)
    expect(a!.expectedOut).toBeGreaterThan(450)
    expect(a!.expectedOut).toBeLessThan(550)
  })

  it('does not take an answer cut by the limit for a short one', () => {
    const [a] = statesOf(learnedFrom(times(50, attempt(A, { outputTokens: 16, limit: 16 }))), A)
    const [untouched] = statesOf(emptyLearned(), A)
    expect(a!.expectedOut).toBe(untouched!.expectedOut)
  })

  it('reads the speed of answers that were not streamed from their whole time', () => {
    const whole = attempt(A, { stream: false, firstByteMs: 6900, endMs: 7000, outputTokens: 300 })
    const [a] = statesOf(learnedFrom(times(100, whole)), A)
    expect((a!.ttftUs + 300 * a!.usPerToken) / 1e6).toBeCloseTo(7, 0)
  })

  describe('of the length of answers', () => {
    const TASKS = ['question', 'code', 'chat', 'math', 'agent-step'] as const
    function ratioOf(learned: Learned, over: Parameters<typeof signals>[0]): number {
      const [a, b] = modelStates(learned, signals(over), [entry(A), entry(B)])
      return a!.expectedOut / b!.expectedOut
    }
    /** How much longer answers of A are expected to be than those of B after `n` answers of each to every task. */
    function ratios(n: number, lengthOf: (model: ModelRev, task: AttemptSeen['task']) => number): ReadonlyMap<string, number> {
      const rounds = Array.from({ length: n }, () => TASKS.flatMap((task) => [A, B].map((model) => ({ model, task })))).flat()
      const learned = learnedFrom(rounds.map(({ model, task }) => attempt(model, { task, outputTokens: lengthOf(model, task) })))
      return new Map(TASKS.map((task) => [task, ratioOf(learned, { task })]))
    }

    it('is not corrected twice for one answer, once as the kind of work and once as the model', () => {
      for (const outputTokens of [20, 3000]) {
        const [a, b] = statesOf(learnedFrom([attempt(A, { outputTokens })]), A, B)
        expect([a!.expectedOut, b!.expectedOut]).toEqual([outputTokens, outputTokens])
      }
    })

    it('hangs little on single ones: models that are alike are expected to be so after a few answers that differ', () => {
      const random = seededRandom(3)
      const logs = Array.from({ length: 60 }, () => [
        ...ratios(5, () => Math.ceil(300 * Math.exp(0.9 * drawNormal(random)))).values(),
      ]).flat()
      const off = Math.sqrt(logs.reduce((sum, ratio) => sum + Math.log(ratio) ** 2, 0) / logs.length)
      // Means of five such answers are off by 0.7 from one another.
      expect(off).toBeLessThan(0.35)
    })

    it('finds out that a model writes more for one kind of work only', () => {
      const longCode = (model: ModelRev, task: string) => (model === A && task === 'code' ? 600 : 300)
      for (const [n, least] of [
        [10, 1.3],
        [30, 1.5],
        [100, 1.7],
      ] as const) {
        const found = ratios(n, longCode)
        expect(found.get('code')).toBeGreaterThan(least)
        expect(found.get('question')).toBeLessThan(1.15)
      }
    })

    it('does not take the model that got the hard requests for the wordy one', () => {
      const hard = attempt(A, { task: 'code', complexity: 'complex', outputTokens: 1500 })
      const easy = attempt(B, { task: 'code', complexity: 'simple', outputTokens: 60 })
      const both = [hard, { ...hard, model: B }, { ...easy, model: A }, easy]
      const learned = learnedFrom([...times(6, both).flat(), ...times(40, [hard, easy]).flat()])
      // By all they have written of code, A's answers are 3.2 times as long.
      const ratio = ratioOf(learned, { task: 'code', complexity: 'complex' })
      expect(ratio).toBeGreaterThan(1 / 1.2)
      expect(ratio).toBeLessThan(1.2)
    })

    it('tells steps of a tool loop from answers to people, whatever was asked', () => {
      const { trajectory } = signals()
      const inLoop = { task: 'debugging', trajectory: { ...trajectory, inToolLoop: true } } as const
      const [answer, step] = [
        attempt(A, { task: 'debugging', outputTokens: 900 }),
        attempt(A, { task: writtenTask(inLoop), outputTokens: 80 }),
      ]
      const learned = learnedFrom(times(50, [answer, step]).flat())
      const [expected, ofLoop] = [{ task: 'debugging' } as const, inLoop].map((over) => modelStates(learned, signals(over), [entry(A)])[0]!)
      expect(expected!.expectedOut / 900).toBeCloseTo(1, 1)
      expect(ofLoop!.expectedOut / 80).toBeCloseTo(1, 1)
    })
  })

  it('is inherited in full by a model not tried yet, from its provider first', () => {
    const slow = times(40, attempt(A, { firstByteMs: 2000, endMs: 4990 }))
    const fast = times(40, attempt(C, { firstByteMs: 250, endMs: 3240 }))
    const [a, b, c] = statesOf(learnedFrom([...slow, ...fast]), A, B, C)
    expect(b!.ttftUs / a!.ttftUs).toBeCloseTo(1, 0)
    expect(b!.ttftUs).toBeGreaterThan(3 * c!.ttftUs)
  })

  it('is the same whether it was asked for after every answer or only now', () => {
    const seen = fc.record({
      model: fc.constantFrom(A, B, C),
      task: fc.constantFrom<AttemptSeen['task']>('question', 'code', 'agent-step'),
      stream: fc.boolean(),
      estimatedTokens: fc.integer({ min: 1, max: 100_000 }),
      outputTokens: fc.integer({ min: 1, max: 5000 }),
      firstByteMs: fc.integer({ min: 1, max: 3000 }),
    })
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 40 }), (answers) => {
        const asked = emptyLearned()
        for (const answer of answers) {
          learn(asked, attempt(answer.model, { ...answer, endMs: answer.firstByteMs + 900 }))
          statesOf(asked, A, B, C)
        }
        const fresh = learnedFrom(answers.map((a) => attempt(a.model, { ...a, endMs: a.firstByteMs + 900 })))
        expect(statesOf(asked, A, B, C)).toEqual(statesOf(fresh, A, B, C))
      }),
    )
  })

  it('is shared by the services of one model, but for their speed', () => {
    const model = rev('one/small')
    const flex: ModelRev = { ...model, id: 'one/small@flex', of: 'one/small', tier: 'flex' }
    const seen = { outputTokens: 40, inputTokens: 1200, firstByteMs: null, endMs: null }
    const learned = learnedFrom(Array.from({ length: 50 }, () => attempt(flex, seen)))
    learn(learned, { type: 'outcome', model: model.id, task: 'question', complexity: 'medium', kind: 'feedback', value: 1, difficulty: 0 })
    const [plain, slower] = modelStates(learned, signals(), [entry(model), entry(flex)])
    expect(plain!.expectedOut).toBeLessThan(200)
    const { rev: _one, ...ofPlain } = plain!
    const { rev: _other, ...ofSlower } = slower!
    expect(ofSlower).toEqual(ofPlain)
    expect(ofPlain.ability).toBeGreaterThan(1.5)
  })

  it('is more after success on hard requests than on easy ones', () => {
    const good = { type: 'outcome', model: A.id, task: 'question', complexity: 'medium', kind: 'feedback', value: 1 } as const
    const abilityAfter = (difficulty: number): number =>
      statesOf(times(20, { ...good, difficulty }).reduce(learn, emptyLearned()), A)[0]!.ability
    expect(abilityAfter(2)).toBeGreaterThan(abilityAfter(-2) + 0.1)
  })

  it('survives a restart as JSON', () => {
    const learned = learnedFrom(times(20, attempt(A, { firstByteMs: 900, endMs: 2000 })))
    const restored = JSON.parse(JSON.stringify(learned)) as Learned
    expect(statesOf(restored, A, B)).toEqual(statesOf(learned, A, B))
    expect(learn(restored, attempt(B))).toEqual(learn(learned, attempt(B)))
  })
})

describe('which model was tried first', () => {
  const twins = [rev('one/a'), rev('one/b'), rev('two/c'), rev('two/d')]

  function choiceAfter(first: ModelRev, seen: Partial<AttemptSeen>, calls: number): string {
    const models = statesOf(learnedFrom(times(calls, attempt(first, seen))), ...twins)
    return decide(input({ models })).steps[0]!.model
  }

  it('does not change later choices when the true speeds are equal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50, max: 20_000 }),
        fc.integer({ min: 20, max: 20_000 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 60 }),
        (firstByteMs, rest, outputTokens, calls) => {
          const seen = { firstByteMs, endMs: firstByteMs + rest, outputTokens }
          const choices = twins.map((first) => choiceAfter(first, seen, calls))
          expect(new Set(choices)).toEqual(new Set(['one/a']))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('matters no more once all have been tried, in whichever order', () => {
    const seen = { firstByteMs: 1700, endMs: 9000, outputTokens: 420 }
    const orders = [twins, [...twins].reverse()]
    const [one, other] = orders.map((order) => statesOf(learnedFrom(order.flatMap((r) => times(10, attempt(r, seen)))), ...twins))
    for (const [i, state] of one!.entries()) {
      expect(other![i]!.ttftUs / state.ttftUs).toBeCloseTo(1, 6)
      expect(other![i]!.expectedOut / state.expectedOut).toBeCloseTo(1, 1)
    }
  })
})

describe('quality learned from outcomes', () => {
  const outcome = (good: boolean) => ({
    type: 'outcome' as const,
    model: 'one/a',
    task: 'code' as const,
    complexity: 'complex' as const,
    difficulty: 1,
    kind: 'feedback',
    value: good ? 1 : 0,
  })
  const prior = { mean: 1.5, se: 0.4 }

  it('starts at the prior, with its strength shown', () => {
    const p = posterior({}, 'one/a', 'code/complex', prior)
    expect(p.ability).toBe(1.5)
    expect(p.observations).toBe(0)
    expect(p.priorStrength).toBeGreaterThan(10)
  })

  it('moves towards what was seen, most for that kind of work, and becomes surer', () => {
    const learned = emptyLearned()
    for (let i = 0; i < 60; i++) learn(learned, outcome(false))
    const here = posterior(learned.quality, 'one/a', 'code/complex', prior)
    const elsewhere = posterior(learned.quality, 'one/a', 'chat/simple', prior)
    expect(here.ability).toBeLessThan(elsewhere.ability)
    expect(elsewhere.ability).toBeLessThan(1.5)
    expect(here.sd).toBeLessThan(0.4)
  })

  it('rises with good answers and falls with bad ones', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 1, max: 300 }), (good, n) => {
        const learned = emptyLearned()
        for (let i = 0; i < n; i++) learn(learned, outcome(good))
        const { ability } = posterior(learned.quality, 'one/a', 'code/complex', prior)
        expect(Math.sign(ability - prior.mean)).toBe(good ? 1 : -1)
      }),
    )
  })

  it('does not hear outcomes that say nothing of quality', () => {
    const learned = learn(emptyLearned(), { ...outcome(false), kind: 'ladder' })
    expect(learned.quality).toEqual({})
  })
})
