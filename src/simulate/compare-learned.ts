import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import { type Corrections, laterTask, type ModelState, sizeOf } from '../policy/index.js'
import { entry } from './entry.js'

/** Factors by which expectations of one router are those of another that has learned from other answers. */
export interface Differences {
  correct(states: readonly ModelState[], signals: Pick<Signals, 'task' | 'inputTokens' | 'tools'>): readonly ModelState[]
  /** From now on factors are taken anew, each when it is next asked for. */
  forget(): void
}

/** A factor as it was taken in a round; each `forget` begins another. */
interface Factor {
  round: number
  value: number
}

/** Factors for one model; those that depend on the request are taken when one like it first comes. */
interface OfModel {
  round: number
  pace: number
  tokenizer: number
  readonly ttft: Map<string, Factor>
  readonly output: Map<string, Factor>
}

/** Factors of a whole pool for requests of one kind: they are asked for with every call, and most calls are alike. */
interface OfPool {
  round: number
  revs: readonly ModelRev[]
  factors: readonly Factors[]
}

interface Factors {
  readonly pace: number
  readonly tokenizer: number
  readonly ttft: number
  readonly output: number
  readonly later: number
}

/** What `after` expects over what `before` does, each factor as both stand when it is first asked for. */
export function compareLearned(before: Corrections, after: Corrections): Differences {
  const models = new Map<ModelRev, OfModel>()
  /** By task, the later turns' task, and size. */
  const pools = new Map<string, Map<string, Map<string, OfPool>>>()
  let round = 0

  function ofModel(rev: ModelRev): OfModel {
    const found = entry(models, rev, () => ({ round: -1, pace: 1, tokenizer: 1, ttft: new Map(), output: new Map() }))
    if (found.round !== round) {
      found.round = round
      found.pace = Math.exp(after.pace(rev) - before.pace(rev))
      found.tokenizer = Math.exp(after.tokenizer(rev) - before.tokenizer(rev))
    }
    return found
  }

  function ttftOf({ ttft }: OfModel, rev: ModelRev, tokens: number): number {
    const factor = entry(ttft, sizeOf(tokens), newFactor)
    if (factor.round !== round) {
      factor.round = round
      factor.value = Math.exp(after.ttft(rev, tokens) - before.ttft(rev, tokens))
    }
    return factor.value
  }

  function outputOf({ output }: OfModel, rev: ModelRev, task: Signals['task']): number {
    const factor = entry(output, task, newFactor)
    if (factor.round !== round) {
      factor.round = round
      factor.value = Math.exp(after.output(rev, task) - before.output(rev, task))
    }
    return factor.value
  }

  function ofPool(states: readonly ModelState[], task: Signals['task'], later: Signals['task'], tokens: number): readonly Factors[] {
    const byLater = entry(pools, task, () => new Map<string, Map<string, OfPool>>())
    const bySize = entry(byLater, later, () => new Map<string, OfPool>())
    const pool = entry(bySize, sizeOf(tokens), (): OfPool => ({ round: -1, revs: [], factors: [] }))
    if (pool.round === round && isSamePool(pool.revs, states)) return pool.factors
    pool.round = round
    pool.revs = states.map(({ rev }) => rev)
    pool.factors = pool.revs.map((rev): Factors => {
      const of = ofModel(rev)
      const [ttft, output] = [ttftOf(of, rev, tokens), outputOf(of, rev, task)]
      return { pace: of.pace, tokenizer: of.tokenizer, ttft, output, later: outputOf(of, rev, later) }
    })
    return pool.factors
  }

  return {
    correct(states, signals) {
      const factors = ofPool(states, signals.task, laterTask(signals), signals.inputTokens)
      const corrected: ModelState[] = []
      for (let i = 0; i < states.length; i++) corrected.push(correctState(states[i]!, factors[i]!))
      return corrected
    },
    forget() {
      round++
    },
  }
}

function newFactor(): Factor {
  return { round: -1, value: 1 }
}

function isSamePool(revs: readonly ModelRev[], states: readonly ModelState[]): boolean {
  if (revs.length !== states.length) return false
  for (let i = 0; i < revs.length; i++) if (revs[i] !== states[i]!.rev) return false
  return true
}

/** Written out: the same copy by spreading takes several times as long. */
function correctState(state: ModelState, { pace, tokenizer, ttft, output, later }: Factors): ModelState {
  return {
    rev: state.rev,
    breaker: state.breaker,
    quotaLeft: state.quotaLeft,
    ttftUs: Math.round(state.ttftUs * ttft),
    usPerToken: Math.round(state.usPerToken * pace),
    tokenizerRatio: Math.round(state.tokenizerRatio * tokenizer * 1e6) / 1e6,
    expectedOut: Math.max(1, Math.round(state.expectedOut * output)),
    laterOut: Math.max(1, Math.round((state.laterOut ?? state.expectedOut) * later)),
    ability: state.ability,
    abilitySd: state.abilitySd,
  }
}
