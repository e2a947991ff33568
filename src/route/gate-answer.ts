import { Fault } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import { judgeAnswer } from '../policy/index.js'
import { askJudge } from './ask-judge.js'
import type { Delivery, EndedAttempt } from './attempt.js'
import { deliveredRow } from './attempt-log.js'
import type { DecidedCall } from './call.js'
import { type HeldOutlet, holdOutlet } from './hold-outlet.js'
import { noteOutcome } from './note-outcome.js'
import type { RouterPorts } from './router-ports.js'
import type { PoolModel } from './setup.js'

/** A cascade's first answer, kept back until it has been judged. */
export interface Gate {
  /** The call as the attempt sees it: its answer goes into the gate. */
  readonly call: DecidedCall
  /** Rows of the judge, and of the answer while it is sent back. */
  readonly rows: readonly AttemptRow[]
  /**
   * Judges a whole answer before the client gets any of it. One that is not good enough is sent back: `replace` asks the models after it, and
   * tells whether its place is taken; then this throws. A poor answer is better than none.
   */
  judge(ended: EndedAttempt, delivery: Delivery, replace: Replace): Promise<void>
  /** The attempt is over without an answer that could be judged. */
  drop(): void
}

/**
 * `taken` is called when another answer takes the place, before the client gets it. `headers`: what a stream says now of the attempts made; null
 * when the place was taken, or nobody is there any more.
 */
export type Replace = (taken: () => void) => Promise<{ readonly headers: Readonly<Record<string, string>> } | null>

/** A judging model gets at most this long, milliseconds. */
const JUDGE_MS = 20_000

/** The gate of a model's attempt; null where the plan sets none. */
export function openGate(call: DecidedCall, model: PoolModel, ports: RouterPorts): Gate | null {
  const [step] = call.plan.steps
  if (step?.gate === undefined || step.model !== model.rev.id || call.live.attempts > 1) return null
  const { threshold, holdMs } = step.gate
  const start = ports.clock.monotonic()
  const held: HeldOutlet = holdOutlet(call.outlet, call.request.stream ? holdMs : null)
  const rows: AttemptRow[] = []
  return {
    call: { ...call, outlet: held.outlet },
    rows,
    drop: held.drop,
    async judge(ended, delivery, replace) {
      if (held.released || delivery.outcome === 'cancelled' || delivery.reply === null) return held.release()
      if (delivery.fault !== null) throw delivery.fault
      const reply = delivery.reply()
      const formal = judgeAnswer(reply, call.request)
      let { score } = formal
      let reason = formal.reasons[0] ?? ''
      if (score >= threshold) {
        // The client's patience with a stream is the profile's; what is left of it is the judge's.
        const leftMs = call.request.stream ? holdMs - (ports.clock.monotonic() - start) : JUDGE_MS
        const grade = leftMs <= 0 ? null : await askJudge(call, reply, ended.n + 1, Math.min(leftMs, JUDGE_MS), ports)
        if (grade !== null) rows.push(grade.row)
        if (grade !== null && grade.score !== null && grade.score < score) {
          score = grade.score
          reason = `${grade.row.model} gave it ${score}`
        }
      }
      noteOutcome(call.id, 'judge', { call, model: model.rev.id }, ports, score, reason)
      if (score >= threshold || held.released || !canReplace(call, ports)) return held.release()
      held.setAside()
      rows.unshift({ ...deliveredRow(call, ended, delivery).row, outcome: 'refused', errorCode: null })
      const kept = await replace(() => noteOutcome(call.id, 'cascade', null, ports, 1, reason))
      if (kept !== null) return held.release(kept.headers)
      throw new Fault('E_UPSTREAM', `the answer was sent back: ${reason}`)
    },
  }
}

/** Somebody further down the chain is thought able to answer at the moment. */
function canReplace({ plan }: DecidedCall, { health, clock }: RouterPorts): boolean {
  return plan.steps.slice(1, plan.chain).some((step) => health.read(step.model, clock.now()).breaker !== 'open')
}
