import { Fault } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import { judgeAnswer } from '../policy/index.js'
import { askJudge } from './ask-judge.js'
import { type Delivery, deliveredRow, type EndedAttempt } from './attempt.js'
import type { DecidedCall } from './call.js'
import { holdOutlet } from './hold-outlet.js'
import { noteOutcome } from './outcomes.js'
import type { RouterPorts } from './router-ports.js'
import type { PoolModel } from './setup.js'

/** A cascade's first answer, kept back until it has been judged. */
export type Gate = NonNullable<ReturnType<typeof openGate>>

/**
 * `taken` is called when another answer takes over, before the client gets it. `headers`: the stream's headers for the attempts made so
 * far; null when another answer took over or the client has gone.
 */
type Replace = (taken: () => void) => Promise<{ readonly headers: Readonly<Record<string, string>> } | null>

/** A judging model gets at most this long, milliseconds. */
const JUDGE_MS = 20_000

/** The gate of a model's attempt; null where the plan sets none. */
export function openGate(call: DecidedCall, model: PoolModel, ports: RouterPorts) {
  const [step] = call.plan.steps
  if (step?.gate === undefined || step.model !== model.rev.id || call.live.attempts > 1) return null
  const { threshold, holdMs } = step.gate
  const start = ports.clock.monotonic()
  const held = holdOutlet(call.outlet, call.request.stream ? holdMs : null)
  const rows: AttemptRow[] = []
  return {
    /** The call as the attempt sees it: its answer goes into the gate. */
    call: { ...call, outlet: held.outlet },
    /** Rows of the judge, and of the answer while it is sent back. */
    rows: rows as readonly AttemptRow[],
    /** The attempt is over without an answer that could be judged. */
    drop: held.drop,
    /**
     * Judges a complete answer before the client gets any of it. If it is not good enough, `replace` tries the models after it and says
     * whether one took over; then this throws. A poor answer is better than none.
     */
    async judge(ended: EndedAttempt, delivery: Delivery, replace: Replace): Promise<void> {
      if (held.released || delivery.outcome === 'cancelled' || delivery.reply === null) return held.release()
      if (delivery.fault !== null) throw delivery.fault
      const reply = delivery.reply()
      const formal = judgeAnswer(reply, call.request)
      let { score } = formal
      let reason = formal.reasons[0] ?? ''
      if (score >= threshold) {
        // The profile limits how long a client waits for a stream; the judge gets what is left of that.
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

/** A later model of the chain is expected to be able to answer now. */
function canReplace({ plan }: DecidedCall, { health, clock }: RouterPorts): boolean {
  return plan.steps.slice(1, plan.chain).some((step) => health.read(step.model, clock.now()).breaker !== 'open')
}
