import type { Reply } from '../canonical/index.js'
import { estimateTokens } from '../classify/index.js'
import type { Nano } from '../kit/index.js'
import { comparePrompt, LONGEST_EXCERPT, readPreference, upperBound, verdictOf } from '../policy/index.js'
import {
  answerText,
  askExtra,
  type DecidedCall,
  GRADE_TOKENS,
  judgeQuestion,
  lastWords,
  type PoolModel,
  type RouterPorts,
} from '../route/index.js'

/** Tokens are estimated; a judge's tokenizer may make this many of one. */
const MARGIN = 2

/** The most that two readings may cost, nano-USD; null when the judge has no price. */
export function judgingBound(call: DecidedCall, recorded: Reply, judge: PoolModel, ports: RouterPorts): Nano | null {
  const [state] = ports.outlook.models([judge.rev], call.signals, ports.clock.now())
  const known = comparePrompt(lastWords(call.request.messages), answerText(recorded), '')
  const tokens = MARGIN * estimateTokens(known) + LONGEST_EXCERPT
  const bound = state === undefined ? null : upperBound(state, tokens, GRADE_TOKENS)
  return bound === null ? null : 2 * bound
}

/** Has a model compare two answers twice, in either order. */
export async function judgePair(
  call: DecidedCall,
  { recorded, answer, judge }: { readonly recorded: Reply; readonly answer: Reply; readonly judge: PoolModel },
  ports: RouterPorts,
) {
  const asked = lastWords(call.request.messages)
  const [old, other] = [answerText(recorded), answerText(answer)]
  const read = async (n: number, a: string, b: string) => {
    const text = comparePrompt(asked, a, b)
    const request = judgeQuestion(text, judge.rev.id, call.request.format)
    const extra = { purpose: 'judge', n, request, inputTokens: estimateTokens(text), leftMs: call.policy.timeouts.totalMs } as const
    const said = await askExtra(call, judge, extra, ports)
    return { row: said?.row ?? null, preference: said?.answer == null ? null : readPreference(answerText(said.answer)) }
  }
  const [inOrder, swapped] = await Promise.all([read(2, old, other), read(3, other, old)])
  return {
    rows: [inOrder.row, swapped.row].filter((row) => row !== null),
    verdict: verdictOf(inOrder.preference, swapped.preference),
    /** The judge's verdict with the recorded answer as A, and then as B. */
    note: `${judge.rev.id} preferred ${inOrder.preference ?? 'nothing'} with the recorded answer as A, ${swapped.preference ?? 'nothing'} with it as B`,
  }
}
