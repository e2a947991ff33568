import { Fault, LONGEST_TIMER_MS } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import type { Delivery, EndedAttempt } from './attempt.js'
import { failedRow } from './attempt-log.js'
import { backoffMs, pause } from './backoff.js'
import type { DecidedCall } from './call.js'
import type { Finished } from './deliver-json.js'
import { type Failure, finalFault } from './final-fault.js'
import { openGate, type Replace } from './gate-answer.js'
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

/** The model's answer was not good enough, so the others were tried: the outcome of that. */
interface SentBack {
  readonly kind: 'sent-back'
  readonly walked: Walked
}

/** Longest total of pauses for `retry-after`, milliseconds, unless the client set a deadline: clients have their own timeouts. */
const MOST_WAITING_MS = 60_000
const ROUNDS = 2
/** An attempt with less time than this would cost and give nothing; timers may fire a little before their time. */
const LEAST_MS = 20

/** The last model of the chain is asked again when its failure may pass, cannot have cost anything, and names no time to wait. */
function mayRepeat({ health, billed }: Verdict, fault: Fault): boolean {
  return health.kind === 'failed' && billed === 'no' && fault.retryAfterMs === undefined
}

/**
 * Walks the plan: the same model again where that can help, else the next one, until one answers. When all failed for a temporary reason,
 * waits for the soonest `retry-after`, if the deadline allows, and walks the plan again. An answer that the judge rejected is delivered
 * after all when no later model answers.
 */
export async function walkPlan(call: DecidedCall, ports: RouterParts, hooks: WalkHooks): Promise<Walked> {
  const { clock, health } = ports
  const { live, policy, plan } = call
  const deadline = call.inbound.arrived + Math.min(call.wishes.deadlineMs ?? policy.timeouts.totalMs, LONGEST_TIMER_MS)
  const outOfTime = (): boolean => deadline - clock.monotonic() < LEAST_MS
  const rows: AttemptRow[] = []
  const failures: Failure[] = []
  const steps = plan.steps.slice(0, plan.chain)
  const chain = steps.map((step) => call.setup.byId.get(step.model)).filter((model) => model !== undefined)
  let soonest: number | null = null
  let atTaking: (() => void) | null = null

  const attempt = async (model: PoolModel): Promise<Attempted | SentBack> => {
    live.attempts++
    const n = call.asked.length + rows.length + 1
    const gate = openGate(call, model, ports)
    const sent: { back: SentBack | null } = { back: null }
    const replace: Replace = async (taken) => {
      rows.push(...(gate?.rows ?? []))
      atTaking = taken
      // The answer can wait while the others are asked once; it does not wait for them to recover.
      const walked = await walk(1, 1)
      sent.back = { kind: 'sent-back', walked }
      return walked === null || live.gone !== null ? null : { headers: hooks.headers(model, servesIn(rows)) }
    }
    const result = await makeAttempt(gate?.call ?? call, { n, model, leftMs: deadline - clock.monotonic() }, ports, {
      headers: () => hooks.headers(model, servesIn(rows) + 1),
      gate: gate === null ? null : (ended, delivery) => gate.judge(ended, delivery, replace),
      // Rejected but delivered after all: it is recorded with its final outcome.
      finish: (ended, delivery) => {
        if (gate !== null)
          return hooks.finish(ended, delivery, sent.back === null ? [...rows, ...gate.rows] : rows.filter((r) => r.n !== n))
        atTaking?.()
        return hooks.finish(ended, delivery, rows)
      },
    })
    if (result.kind === 'delivered') return result
    gate?.drop()
    if (sent.back !== null) health.leave(model.rev.id, { kind: 'ok' }, clock.now())
    return sent.back ?? result
  }
  const fail = (model: PoolModel, result: Attempted & { kind: 'failed' }, renewed: boolean): Verdict => {
    const { fault, status, ended } = result
    const failed = { ...result, afterSend: policy.afterSend, clientsKey: model.access.auth === 'passthrough', renewed }
    if (fault.code === 'E_INTERNAL') ports.report(fault, call.id)
    const verdict = judgeFailure(failed)
    const row = failedRow(call, ended, failed, verdict)
    rows.push(row)
    if (!renewed) failures.push({ model: model.rev.id, fault, status, verdict })
    ports.ledger.attempt(call.id, row).catch((error: unknown) => ports.report(error, call.id))
    health.leave(model.rev.id, verdict.health, clock.now())
    if (verdict.passing && fault.retryAfterMs !== undefined) soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, fault.retryAfterMs)
    return verdict
  }

  /** Who signed a conversation's reasoning is not always known; the vendor's refusal decides, once. */
  const canDoWithout = ({ fault, status }: Attempted & { kind: 'failed' }): boolean => {
    if (live.unsigned || live.gone !== null || !refusesReasoning(fault, status, call.request)) return false
    live.unsigned = true
    ports.signers.disown(call.request)
    return true
  }

  const walk = async (first: number, rounds: number): Promise<Walked> => {
    for (let round = 1; round <= rounds; round++) {
      for (const [i, model] of chain.entries()) {
        if (i < first) continue
        // A client that has left wants no other model.
        if (live.gone !== null) return { fault: live.gone, attempts: rows }
        if (!health.enter(model.rev.id, clock.now(), round > 1)) {
          const until = health.read(model.rev.id, clock.now()).openUntilMs
          if (until !== null) soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, Math.max(0, until - clock.now()))
          continue
        }
        const lastOfChain = i === chain.length - 1
        for (let tries = 1; ; tries++) {
          const key = model.access.credential()
          const result = await attempt(model)
          // The hook that settled the call has reported the delivery to the health board.
          if (result.kind === 'delivered') return null
          if (result.kind === 'sent-back') return result.walked
          // Once: a secret manager may give another key each time, and a provider refuse them all.
          const renewed = tries === 1 && result.fault.code === 'E_AUTH' && key !== null && (await model.access.renew?.(key)) === true
          const verdict = fail(model, result, renewed)
          if (canDoWithout(result) && health.enter(model.rev.id, clock.now())) continue
          if (live.gone !== null || verdict.walk === 'stop') return { fault: finalFault(failures, soonest), attempts: rows }
          const again = verdict.walk === 'same' || (lastOfChain && round === 1 && mayRepeat(verdict, result.fault))
          if (!again || tries > 1 || result.fault.code === 'E_UPSTREAM_TIMEOUT') break
          if (!(await pause(live, backoffMs(ports.random)))) return { fault: live.gone ?? finalFault(failures, soonest), attempts: rows }
          if (outOfTime()) break
          if (!health.enter(model.rev.id, clock.now(), renewed)) break
        }
        if (outOfTime()) return { fault: finalFault(failures, soonest), attempts: rows }
      }
      if (round === rounds || soonest === null || !(failures.length === 0 || failures.some((f) => f.verdict.passing))) break
      const wait: number = soonest
      const mostMs = call.wishes.deadlineMs === null ? MOST_WAITING_MS : Number.POSITIVE_INFINITY
      if (wait > mostMs || clock.monotonic() + wait >= deadline) break
      soonest = null
      // A little later than requested, so that the breaker has closed again.
      if (!(await pause(live, wait + 5))) break
    }
    return { fault: live.gone ?? finalFault(failures, soonest), attempts: rows }
  }
  // A body that took so long to arrive, or waited so long for room, is no fault of a model's.
  if (outOfTime()) return { fault: new Fault('E_UPSTREAM_TIMEOUT', TOO_LATE, { hint: MORE_TIME }), attempts: [] }
  return walk(0, ROUNDS)
}

const TOO_LATE = 'the time for this call was over before a model could be asked'
const MORE_TIME = "Raise the profile's timeouts.total, or the client's x-llmroute-deadline."

function servesIn(rows: readonly AttemptRow[]): number {
  return rows.filter((row) => row.purpose === 'serve').length
}
