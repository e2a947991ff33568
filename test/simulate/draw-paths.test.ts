import { describe, expect, it } from 'vitest'
import { drawNormal, seededRandom } from '../../src/kit/index.js'
import type { AttemptRow, ReplayDecided, ReplaySettled } from '../../src/ledger/index.js'
import { emptyLearned, emptyState } from '../../src/policy/index.js'
import { asLogged, withModels } from '../../src/simulate/alternatives.js'
import { type Behaviour, fitBehaviour } from '../../src/simulate/behaviour.js'
import { drawPaths, STUDENT } from '../../src/simulate/draw-paths.js'
import { type LoggedCall, loggedCall } from '../../src/simulate/logged-call.js'
import { emptyMeasured } from '../../src/simulate/measure-log.js'
import { learnFromLog } from '../../src/simulate/relearn.js'
import { input, model, policy, rates } from '../policy/build.js'

const OUTPUT = 10_000
/** Prompts cost nothing, so that what a call costs is its answer. */
const WRITTEN = { rates: rates(0, 4) }
const [ASKED, OTHER] = [model('lab/asked', {}, WRITTEN), model('lab/other', {}, WRITTEN)]
const INPUT = input({ models: [ASKED, OTHER], policy: policy({ pool: ['lab/asked', 'lab/other'] }) })

/** A log of lone calls, all answered by one model at the same length. */
function logOf(calls: number): readonly (readonly [LoggedCall, ReplaySettled])[] {
  return Array.from({ length: calls }, (_, i) => {
    const row: ReplayDecided = {
      kind: 'decided',
      seq: 2 * i,
      folded: false,
      id: `call ${i}`,
      atMs: INPUT.atMs + i,
      tzMin: 0,
      engine: null,
      source: null,
      session: null,
      turn: 0,
      sideKind: null,
      client: 'test',
      key: null,
      tier: null,
      tags: [],
      mode: 'auto',
      profile: 'balanced',
      requestedModel: 'auto',
      chosen: 'lab/asked',
      baseline: null,
      rule: null,
      task: 'question',
      complexity: 'medium',
      inputTokensEstimate: 800,
      stream: false,
      policyHash: '',
      classifierHash: '',
      prefixLeaf: null,
      breakpoints: [],
      limit: null,
      reservations: [],
      stateHash: '',
      signals: new Uint8Array(),
      input: new Uint8Array(),
      plan: new Uint8Array(),
    }
    const attempt: AttemptRow = {
      n: 1,
      purpose: 'serve',
      model: 'lab/asked',
      modelRev: 'asked',
      t0: row.atMs,
      sentMs: 1,
      firstByteMs: 500,
      endMs: 1000,
      outcome: 'ok',
      status: 200,
      errorCode: null,
      retryAfterMs: null,
      inputTokens: 800,
      cacheReadTokens: 0,
      cacheWrite5mTokens: null,
      cacheWrite1hTokens: null,
      outputTokens: OUTPUT,
      reasoningTokens: null,
      usageSource: 'reported',
      costNano: 4 * OUTPUT * 1000,
      billed: 'yes',
      splices: [],
      losses: [],
    }
    const end: ReplaySettled = {
      kind: 'settled',
      seq: row.seq + 1,
      call: row.seq,
      atMs: row.atMs + 1000,
      status: 'ok',
      model: 'lab/asked',
      costNano: attempt.costNano,
      baselineCostNano: null,
      ttftMs: 500,
      latencyMs: 1000,
      attempts: [attempt],
    }
    return [loggedCall(row, INPUT, null, i, true), end]
  })
}

interface Doubt {
  /** Standard deviation of the other model's verbosity, log, and which draws of it. */
  readonly sd: number
  readonly seed?: number
  /** Relative variance of single answers. */
  readonly spread: number
}

const NOTHING_SEEN = fitBehaviour(emptyMeasured(), new Map())

function behaviour({ sd, seed = 1, spread }: Doubt): Behaviour {
  const random = seededRandom(seed)
  const draws = Float64Array.from({ length: 400 }, () => Math.exp(sd * drawNormal(random)))
  const sure = new Float64Array(400).fill(1)
  return {
    ...NOTHING_SEEN,
    spread,
    tokenizer: () => 1,
    verbosity: () => 1,
    verbosityDraws: (name) => (name === 'lab/other' ? draws : sure),
    tokenizerDraws: () => sure,
    hitDraws: () => sure,
  }
}

/** What a log says of the error when `to` would have answered all of it. */
function errorOf(calls: number, doubt: Doubt, to = 'lab/other'): number | null {
  const options = { behaviour: behaviour(doubt), includePinned: false }
  const { paths, error } = drawPaths(withModels(asLogged(), [to]), calls, options, emptyState)
  let known = emptyLearned()
  for (const [call, end] of logOf(calls)) {
    for (const path of paths) path.decided(call, known)
    for (const path of paths) path.settled(call, end, known)
    known = learnFromLog(known, call, end)
  }
  return error()
}

describe('a policy followed with drawn models', () => {
  it('is off by what the eight draws of a model are off, where nothing else is in doubt', () => {
    const doubt = { sd: 0.2, spread: 0 }
    const draws = behaviour(doubt).verbosityDraws('lab/other', 'question').slice(0, 8)
    const known = Math.sqrt(draws.reduce((sum, draw) => sum + (draw - 1) ** 2, 0) / 8)
    expect(errorOf(20, doubt)).toBeCloseTo(known, 3)
    // An error of a model is the same for all of its calls, so more of them do not help.
    expect(errorOf(200, doubt)).toBeCloseTo(known, 3)
  })

  it('is off by less the more single answers there are to be in doubt of, as the root of their number', () => {
    const doubt = { sd: 0, spread: 0.25 }
    for (const calls of [50, 200, 800]) {
      const known = Math.sqrt(doubt.spread / calls)
      // Eight draws know a standard deviation to a quarter; 2.5 of these either way.
      expect(errorOf(calls, doubt)).toBeGreaterThan(0.4 * known)
      expect(errorOf(calls, doubt)).toBeLessThan(1.6 * known)
    }
  })

  it('is off by nothing where every call stays as it was, and by null where there was none', () => {
    expect(errorOf(20, { sd: 0.5, spread: 0.5 }, 'lab/asked')).toBe(0)
    expect(errorOf(0, { sd: 0.5, spread: 0.5 })).toBeNull()
  })

  it('gives an interval that holds the truth in 19 of 20 worlds', () => {
    const [worlds, calls, sd, spread] = [200, 40, 0.1, 0.2]
    const variance = Math.log1p(spread)
    let inside = 0
    for (let seed = 0; seed < worlds; seed++) {
      const error = errorOf(calls, { sd, spread, seed: 2 * seed }) ?? 0
      const random = seededRandom(2 * seed + 1)
      const verbosity = Math.exp(sd * drawNormal(random))
      const answers = Array.from({ length: calls }, () => verbosity * Math.exp(Math.sqrt(variance) * drawNormal(random) - variance / 2))
      const real = answers.reduce((a, b) => a + b, 0) / calls
      if (Math.abs(real - 1) <= STUDENT * error) inside++
    }
    // 190 are expected, give or take three.
    expect(inside).toBeGreaterThanOrEqual(180)
    expect(inside).toBeLessThanOrEqual(199)
  })
})
