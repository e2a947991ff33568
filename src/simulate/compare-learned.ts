import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import { type Corrections, laterTask, type ModelState, sizeOf } from '../policy/index.js'

/** Factors by which expectations of one router are those of another that has learned from other answers. */
export interface Differences {
  correct(state: ModelState, signals: Pick<Signals, 'task' | 'inputTokens' | 'tools'>): ModelState
}

/** Factors for one model; those that depend on the request are taken when one like it first comes. */
interface OfModel {
  readonly pace: number
  readonly tokenizer: number
  readonly ttft: Map<string, number>
  readonly output: Map<string, number>
}

/** What `after` expects over what `before` does, each factor as both stand when it is first asked for. */
export function compareLearned(before: Corrections, after: Corrections): Differences {
  const models = new Map<ModelRev, OfModel>()

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

  function outputOf({ output }: OfModel, rev: ModelRev, task: Signals['task']): number {
    const factor = output.get(task) ?? Math.exp(after.output(rev, task) - before.output(rev, task))
    output.set(task, factor)
    return factor
  }

  return {
    correct(state, signals) {
      const { rev } = state
      const of = ofModel(rev)
      // Written out: the same copy by spreading takes several times as long.
      return {
        rev,
        breaker: state.breaker,
        quotaLeft: state.quotaLeft,
        ttftUs: Math.round(state.ttftUs * ttftOf(of, rev, signals.inputTokens)),
        usPerToken: Math.round(state.usPerToken * of.pace),
        tokenizerRatio: Math.round(state.tokenizerRatio * of.tokenizer * 1e6) / 1e6,
        expectedOut: Math.max(1, Math.round(state.expectedOut * outputOf(of, rev, signals.task))),
        laterOut: Math.max(1, Math.round((state.laterOut ?? state.expectedOut) * outputOf(of, rev, laterTask(signals)))),
        ability: state.ability,
        abilitySd: state.abilitySd,
      }
    },
  }
}
