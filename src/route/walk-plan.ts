import type { Fault } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import type { Delivery, EndedAttempt } from './attempt.js'
import { failedRow } from './attempt-log.js'
import { backoffMs, pause } from './backoff.js'
import type { DecidedCall } from './call.js'
import type { Finished } from './deliver-json.js'
import { type Failure, finalFault } from './final-fault.js'
import { openGate } from './gate-answer.js'
import { judgeFailure, type Verdict } from './judge-failure.js'
import { type Attempted, makeAttempt } from './make-attempt.js'
import { refusesReasoning } from './refuses-reasoning.js'
import type { RouterParts } from './router-ports.js'
import type { PoolModel } from './setup.js'

export interface WalkHooks {
  readonly headers: (model: PoolModel, attempts: number) => Readonly<Record<string, string>>
  readonly finish: (ended: EndedAttempt, delivery: Delivery, earlier: readonly AttemptRow[]) => Promise<Finished>
}

/** Null when the client was served; else the fault to answer with, and the attempts that led to it. */
export type Walked = null | { readonly fault: Fault; readonly attempts: readonly AttemptRow[] }

/** Longest total of pauses for a `retry-after`, milliseconds, unless the client named a deadline: clients have timeouts of their own. */
const MOST_WAITING_MS = 60_000
const ROUNDS = 2
/** An attempt with less time than this would cost and give nothing; timers may fire a little before their time. */
const LEAST_MS = 20

/** The last model of the chain is asked again when its failure may pass, cannot have cost anything, and names no time to wait. */
function mayRepeat({ health, billed }: Verdict, fault: Fault): boolean {
  return health.kind === 'failed' && billed === 'no' && fault.retryAfterMs === undefined
}

/**
 * Walks the plan: the same model again where that can help, else the next one, until one answers. When all failed for a passing
 * reason, the soonest `retry-after` is waited out, if the deadline allows, and the plan walked once more.
 */
export async function walkPlan(call: DecidedCall, ports: RouterParts, hooks: WalkHooks): Promise<Walked> {
  const { clock, health } = ports
  const { live, policy, plan } = call
  const deadline = call.inbound.arrived + (call.wishes.deadlineMs ?? policy.timeouts.totalMs)
  const outOfTime = (): boolean => deadline - clock.monotonic() < LEAST_MS
  const rows: AttemptRow[] = []
  const failures: Failure[] = []
  const chain = plan.steps.slice(0, plan.chain).flatMap((step) => call.setup.byId.get(step.model) ?? [])
  let soonest: number | null = null

  const attempt = async (model: PoolModel): Promise<Attempted | null> => {
    live.attempts++
    const gate = openGate(call, model, ports)
    const result = await makeAttempt(
      gate?.call ?? call,
      { n: call.asked.length + rows.length + 1, model, leftMs: deadline - clock.monotonic() },
      ports,
      {
        headers: () => hooks.headers(model, rows.filter((r) => r.purpose === 'serve').length + 1),
        ...(gate === null ? {} : { gate: gate.judge }),
        finish: (ended, delivery) => hooks.finish(ended, delivery, gate === null ? rows : [...rows, ...gate.rows]),
      },
    )
    if (gate === null || result.kind === 'delivered') return result
    gate.drop()
    if (!gate.sentBack) return result
    rows.push(...gate.rows)
    health.leave(model.rev.id, { kind: 'ok' }, clock.now())
    return null
  }
  const fail = (model: PoolModel, result: Attempted & { kind: 'failed' }): Verdict => {
    const { fault, status, sent, unsent, ended } = result
    const failed = { fault, status, sent, unsent, afterSend: policy.afterSend }
    if (fault.code === 'E_INTERNAL') ports.report(fault, call.id)
    const verdict = judgeFailure(failed)
    const row = failedRow(call, ended, failed, verdict)
    rows.push(row)
    failures.push({ model: model.rev.id, fault, status, verdict })
    ports.ledger.attempt(call.id, row).catch((error: unknown) => ports.report(error, call.id))
    health.leave(model.rev.id, verdict.health, clock.now())
    if (verdict.passing && fault.retryAfterMs !== undefined) soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, fault.retryAfterMs)
    return verdict
  }

  /** Whose signature stands in a conversation is not always known; the vendor's no is the last word, once. */
  const canDoWithout = ({ fault, status }: Attempted & { kind: 'failed' }): boolean => {
    if (live.unsigned || live.gone !== null || !refusesReasoning(fault, status, call.request)) return false
    live.unsigned = true
    ports.signers.disown(call.request)
    return true
  }

  for (let round = 1; round <= ROUNDS; round++) {
    for (const [i, model] of chain.entries()) {
      if (!health.enter(model.rev.id, clock.now())) {
        const until = health.read(model.rev.id, clock.now()).openUntilMs
        if (until !== null) soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, Math.max(0, until - clock.now()))
        continue
      }
      const lastOfChain = i === chain.length - 1
      for (let tries = 1; ; tries++) {
        const result = await attempt(model)
        // Sent back by the judge: the next one of the chain is to do better.
        if (result === null) break
        // The hook that settled the call has told the health board of a delivery.
        if (result.kind === 'delivered') return null
        const verdict = fail(model, result)
        if (canDoWithout(result) && health.enter(model.rev.id, clock.now())) continue
        if (live.gone !== null || verdict.walk === 'stop') return { fault: finalFault(failures, soonest), attempts: rows }
        const again = verdict.walk === 'same' || (lastOfChain && round === 1 && mayRepeat(verdict, result.fault))
        if (!again || tries > 1 || result.fault.code === 'E_UPSTREAM_TIMEOUT') break
        // A client that leaves meanwhile wants no other model either.
        if (!(await pause(live, backoffMs(ports.random)))) return { fault: live.gone ?? finalFault(failures, soonest), attempts: rows }
        if (outOfTime()) break
        if (!health.enter(model.rev.id, clock.now())) break
      }
      if (outOfTime()) return { fault: finalFault(failures, soonest), attempts: rows }
    }
    if (round === ROUNDS || soonest === null || !(failures.length === 0 || failures.some((f) => f.verdict.passing))) break
    const wait: number = soonest
    const mostMs = call.wishes.deadlineMs === null ? MOST_WAITING_MS : Number.POSITIVE_INFINITY
    if (wait > mostMs || clock.monotonic() + wait >= deadline) break
    soonest = null
    // A little later than asked, so that the breaker has let go.
    if (!(await pause(live, wait + 5))) break
  }
  return { fault: live.gone ?? finalFault(failures, soonest), attempts: rows }
}
