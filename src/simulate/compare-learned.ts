import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import { entry, remembered } from '../kit/index.js'
import { type Corrections, LATER_COMPLEXITY, laterTask, type ModelState, sizeOf, writtenTask } from '../policy/index.js'

/** What of a request expectations depend on. */
type Asked = Pick<Signals, 'task' | 'complexity' | 'inputTokens' | 'tools' | 'trajectory'>

/** A factor of each model, by the model's number; a hole where it was not asked for yet. */
type Factors = number[]

const newFactors = (): Factors => []
const newTask = (): Map<string, Factors> => new Map()

/**
 * Corrects what one router expects to what another does that has learned from other answers: by what `after` expects over what `before`
 * does, each factor as both stand when it is first asked for.
 */
export function compareLearned(before: Corrections, after: Corrections) {
  const [pace, tokenizer] = [newFactors(), newFactors()]
  /** By class of size; and by task and complexity. */
  const ttft = new Map<string, Factors>()
  const output = new Map<string, Map<string, Factors>>()

  const numberOf = remembered((rev: ModelRev): number => {
    tokenizer.push(Math.exp(after.tokenizer(rev) - before.tokenizer(rev)))
    return pace.push(Math.exp(after.pace(rev) - before.pace(rev))) - 1
  })

  const ttftOf = (rev: ModelRev, tokens: number): number => Math.exp(after.ttft(rev, tokens) - before.ttft(rev, tokens))
  const outputOf = (rev: ModelRev, task: Signals['task'], complexity: Signals['complexity']): number =>
    Math.exp(after.output(rev, task, complexity) - before.output(rev, task, complexity))

  return {
    correct(states: readonly ModelState[], signals: Asked): readonly ModelState[] {
      const { complexity, inputTokens } = signals
      const [task, later] = [writtenTask(signals), laterTask(signals)]
      const firsts = entry(ttft, sizeOf(inputTokens), newFactors)
      const outs = entry(entry(output, task, newTask), complexity, newFactors)
      const laters = entry(entry(output, later, newTask), LATER_COMPLEXITY, newFactors)
      const corrected: ModelState[] = []
      for (const state of states) {
        const { rev } = state
        const n = numberOf(rev)
        firsts[n] ??= ttftOf(rev, inputTokens)
        outs[n] ??= outputOf(rev, task, complexity)
        laters[n] ??= outputOf(rev, later, LATER_COMPLEXITY)
        corrected.push(correctState(state, firsts[n], pace[n]!, tokenizer[n]!, outs[n], laters[n]))
      }
      return corrected
    },
  }
}

/** Written out: the same copy by spreading takes several times as long. */
function correctState(state: ModelState, ttft: number, pace: number, tokenizer: number, output: number, later: number): ModelState {
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
