import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import { type Corrections, LATER_COMPLEXITY, laterTask, type ModelState, sizeOf, writtenTask } from '../policy/index.js'

/** What of a request expectations depend on. */
type Asked = Pick<Signals, 'task' | 'complexity' | 'inputTokens' | 'tools' | 'trajectory'>

/** Factors by which expectations of one router are those of another that has learned from other answers. */
export interface Differences {
  correct(states: readonly ModelState[], signals: Asked): readonly ModelState[]
}

/** Factors for one model; those that depend on the request are taken when one like it first comes. */
interface OfModel {
  readonly pace: number
  readonly tokenizer: number
  readonly ttft: Map<string, number>
  readonly output: Map<string, number>
}

/** Factors of a complete pool for requests of one kind: needed for every call, and most calls are alike. */
interface OfPool {
  readonly revs: readonly ModelRev[]
  readonly factors: readonly Factors[]
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
  const pools = new Map<string, OfPool>()

  function ofModel(rev: ModelRev): OfModel {
    let found = models.get(rev)
    if (found === undefined) {
      const pace = Math.exp(after.pace(rev) - before.pace(rev))
      const tokenizer = Math.exp(after.tokenizer(rev) - before.tokenizer(rev))
      found = { pace, tokenizer, ttft: new Map(), output: new Map() }
      models.set(rev, found)
    }
    return found
  }

  function ttftOf({ ttft }: OfModel, rev: ModelRev, tokens: number): number {
    const size = sizeOf(tokens)
    const factor = ttft.get(size) ?? Math.exp(after.ttft(rev, tokens) - before.ttft(rev, tokens))
    ttft.set(size, factor)
    return factor
  }

  function outputOf({ output }: OfModel, rev: ModelRev, task: Signals['task'], complexity: Signals['complexity']): number {
    const key = `${task} ${complexity}`
    const factor = output.get(key) ?? Math.exp(after.output(rev, task, complexity) - before.output(rev, task, complexity))
    output.set(key, factor)
    return factor
  }

  function ofPool(states: readonly ModelState[], asked: Asked): readonly Factors[] {
    const { complexity, inputTokens: tokens } = asked
    const [task, later] = [writtenTask(asked), laterTask(asked)]
    const key = `${task} ${complexity} ${later} ${sizeOf(tokens)}`
    const known = pools.get(key)
    if (known !== undefined && isSamePool(known.revs, states)) return known.factors
    const revs = states.map(({ rev }) => rev)
    const factors = revs.map((rev): Factors => {
      const of = ofModel(rev)
      const [ttft, output] = [ttftOf(of, rev, tokens), outputOf(of, rev, task, complexity)]
      return { pace: of.pace, tokenizer: of.tokenizer, ttft, output, later: outputOf(of, rev, later, LATER_COMPLEXITY) }
    })
    pools.set(key, { revs, factors })
    return factors
  }

  return {
    correct(states, signals) {
      const factors = ofPool(states, signals)
      const corrected: ModelState[] = []
      for (let i = 0; i < states.length; i++) corrected.push(correctState(states[i]!, factors[i]!))
      return corrected
    },
  }
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
