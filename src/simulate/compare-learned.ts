import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import { entry, remembered } from '../kit/index.js'
import { correction, LATER_COMPLEXITY, type Learned, laterTask, type ModelState, sizeOf, writtenTask } from '../policy/index.js'

/** What of a request expectations depend on. */
type Asked = Pick<Signals, 'task' | 'complexity' | 'inputTokens' | 'tools' | 'trajectory'>

/** A factor of each model, by the model's number; a hole where it was not asked for yet. */
type Factors = number[]

const newFactors = (): Factors => []
const newTask = (): Map<string, Factors> => new Map()

/**
 * Corrects what one router expects to what another does that has learned from other answers: by what this one, `after`, expects over what
 * that one, `before`, does, each factor as both stand when it is first asked for.
 */
export function compareLearned(after: Learned) {
  const [pace, tokenizer] = [newFactors(), newFactors()]
  /** By class of size; and by task and complexity. */
  const ttft = new Map<string, Factors>()
  const output = new Map<string, Map<string, Factors>>()
  const numberOf = remembered((_rev: ModelRev) => numbers++)
  let numbers = 0

  return {
    correct(states: readonly ModelState[], signals: Asked, before: Learned): readonly ModelState[] {
      const { complexity, inputTokens } = signals
      const [task, later] = [writtenTask(signals), laterTask(signals)]
      const firsts = entry(ttft, sizeOf(inputTokens), newFactors)
      const outs = entry(entry(output, task, newTask), complexity, newFactors)
      const laters = entry(entry(output, later, newTask), LATER_COMPLEXITY, newFactors)
      const corrected: ModelState[] = []
      for (const state of states) {
        const { rev } = state
        const n = numberOf(rev)
        firsts[n] ??= Math.exp(correction.ttft(after, rev, inputTokens) - correction.ttft(before, rev, inputTokens))
        pace[n] ??= Math.exp(correction.pace(after, rev) - correction.pace(before, rev))
        tokenizer[n] ??= Math.exp(correction.tokenizer(after, rev) - correction.tokenizer(before, rev))
        outs[n] ??= Math.exp(correction.output(after, rev, task, complexity) - correction.output(before, rev, task, complexity))
        laters[n] ??= Math.exp(
          correction.output(after, rev, later, LATER_COMPLEXITY) - correction.output(before, rev, later, LATER_COMPLEXITY),
        )
        corrected.push(correctState(state, firsts[n], pace[n], tokenizer[n], outs[n], laters[n]))
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
