import { Fault, LONGEST_TIMER_MS } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import { failedRow } from './attempt.js'
import type { DecidedCall, Live } from './call.js'
import { finishCall, openingHeaders } from './end-call.js'
import { type Failure, finalFault } from './final-fault.js'
import { type Gate, openGate } from './gate-answer.js'
import { judgeFailure, refusesReasoning, type Verdict } from './judge-failure.js'
import { type Attempted, type AttemptPlan, makeAttempt } from './make-attempt.js'
import type { RouterParts } from './router-ports.js'
import type { PoolModel } from './setup.js'

/** Null when the client was served; else the fault to answer with, and the attempts that led to it. */
type Walked = null | { readonly fault: Fault; readonly attempts: readonly AttemptRow[] }

/** The model's answer was not good enough, so the others were tried: the outcome of that. */
interface SentBack {
  readonly kind: 'sent-back'
  readonly walked: Walked
}

type Failed = Attempted & { readonly kind: 'failed' }

/** The way of one call along its plan. */
interface Walk {
  readonly call: DecidedCall
  readonly ports: RouterParts
  readonly chain: readonly PoolModel[]
  /** Monotonic milliseconds. */
  readonly deadline: number
  /** Attempts that have ended, and the reasons of those that failed. */
  readonly rows: AttemptRow[]
  readonly failures: Failure[]
  /** Milliseconds after which the first of those that cannot serve now may be able to; null when none says. */
  soonest: number | null
  /** Called when an answer takes the place of one that was sent back, before the client gets it. */
  taken: (() => void) | null
}

/** Longest total of pauses for `retry-after`, milliseconds, unless the client set a deadline: clients have their own timeouts. */
const MOST_WAITING_MS = 60_000
const ROUNDS = 2
/** An attempt with less time than this would cost and give nothing; timers may fire a little before their time. */
const LEAST_MS = 20
/** Pause before the same model is asked again, milliseconds; with jitter, so that parallel calls do not return together. */
const SAME_MODEL_MS = 200

/**
 * Walks the plan: the same model again where that can help, else the next one, until one answers. When all failed for a temporary reason,
 * waits for the soonest `retry-after`, if the deadline allows, and walks the plan again. An answer that the judge rejected is delivered
 * after all when no later model answers.
 */
export async function walkPlan(call: DecidedCall, ports: RouterParts): Promise<Walked> {
  const { inbound, wishes, policy, plan, setup } = call
  const chain: PoolModel[] = []
  for (let i = 0; i < plan.chain; i++) {
    const model = setup.byId.get(plan.steps[i]!.model)
    if (model !== undefined) chain.push(model)
  }
  const walk: Walk = {
    call,
    ports,
    chain,
    deadline: inbound.arrived + Math.min(wishes.deadlineMs ?? policy.timeouts.totalMs, LONGEST_TIMER_MS),
    rows: [],
    failures: [],
    soonest: null,
    taken: null,
  }
  // A body that took so long to arrive, or waited so long for room, is no fault of a model's.
  if (isOutOfTime(walk)) return { fault: new Fault('E_UPSTREAM_TIMEOUT', TOO_LATE, { hint: MORE_TIME }), attempts: [] }
  return walkChain(walk, 0, ROUNDS)
}

const TOO_LATE = 'the time for this call was over before a model could be asked'
const MORE_TIME = "Raise the profile's timeouts.total, or the client's x-llmroute-deadline."

/** Asks the models of the chain in turn, from the one at `first` on. */
async function walkChain(walk: Walk, first: number, rounds: number): Promise<Walked> {
  const { call, chain } = walk
  for (let round = 1; ; round++) {
    for (const [i, model] of chain.entries()) {
      if (i < first) continue
      // A client that has left wants no other model.
      if (call.live.gone !== null) return unserved(walk)
      if (!enter(walk, model, round)) continue
      const walked = await askModel(walk, model, round === 1 && i === chain.length - 1)
      if (walked !== 'next') return walked
      if (isOutOfTime(walk)) return unserved(walk)
    }
    if (round === rounds || !(await waitForSoonest(walk))) return unserved(walk)
  }
}

function unserved({ call, failures, soonest, rows }: Walk): Walked {
  return { fault: call.live.gone ?? finalFault(failures, soonest, call.id), attempts: rows }
}

function isOutOfTime({ deadline, ports }: Walk): boolean {
  return deadline - ports.clock.monotonic() < LEAST_MS
}

/** Takes the right to ask a model. One that is resting says until when. */
function enter(walk: Walk, { rev }: PoolModel, round: number): boolean {
  const { clock, health } = walk.ports
  if (health.enter(rev.id, clock.now(), round > 1)) return true
  const until = health.read(rev.id, clock.now()).openUntilMs
  if (until !== null) noteWait(walk, Math.max(0, until - clock.now()))
  return false
}

function noteWait(walk: Walk, ms: number): void {
  walk.soonest = Math.min(walk.soonest ?? Number.POSITIVE_INFINITY, ms)
}

/** False when no model can be expected to serve within the time that is left, or the client has gone meanwhile. */
async function waitForSoonest(walk: Walk): Promise<boolean> {
  const { call, ports, deadline, failures, soonest } = walk
  if (soonest === null || !(failures.length === 0 || failures.some((f) => f.verdict.passing))) return false
  const mostMs = call.wishes.deadlineMs === null ? MOST_WAITING_MS : Number.POSITIVE_INFINITY
  if (soonest > mostMs || ports.clock.monotonic() + soonest >= deadline) return false
  walk.soonest = null
  // A little later than requested, so that the breaker has closed again.
  return pause(call.live, soonest + 5)
}

/** Waits; false when the client went away meanwhile. */
function pause(live: Live, ms: number): Promise<boolean> {
  if (live.gone !== null) return Promise.resolve(false)
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      live.wake = null
      resolve(true)
    }, ms)
    live.wake = () => {
      clearTimeout(timer)
      resolve(false)
    }
  })
}

/** Asks one model, whose right to be asked was taken: again where that can help. `next`: another may do better. */
async function askModel(walk: Walk, model: PoolModel, isLast: boolean): Promise<Walked | 'next'> {
  const { call, ports } = walk
  const { clock, health } = ports
  for (let tries = 1; ; tries++) {
    const key = model.access.credential()
    const result = await attempt(walk, model)
    // What settled the call has reported the delivery to the health board.
    if (result.kind === 'delivered') return null
    if (result.kind === 'sent-back') return result.walked
    // Once: a secret manager may give another key each time, and a provider refuse them all.
    const renewed = tries === 1 && result.fault.code === 'E_AUTH' && key !== null && (await model.access.renew?.(key)) === true
    const verdict = recordFailure(walk, model, result, renewed)
    if (canDoWithoutReasoning(walk, model, result) && health.enter(model.rev.id, clock.now())) continue
    if (call.live.gone !== null || verdict.walk === 'stop') return unserved(walk)
    const again = verdict.walk === 'same' || (isLast && mayRepeat(verdict, result.fault))
    if (!again || tries > 1 || result.fault.code === 'E_UPSTREAM_TIMEOUT') return 'next'
    if (!(await pause(call.live, SAME_MODEL_MS * (0.5 + ports.random())))) return unserved(walk)
    if (isOutOfTime(walk) || !health.enter(model.rev.id, clock.now(), renewed)) return 'next'
  }
}

/** The last model of the chain is asked again when its failure may pass, cannot have cost anything, and names no time to wait. */
function mayRepeat({ health, billed }: Verdict, fault: Fault): boolean {
  return health.kind === 'failed' && billed === 'no' && fault.retryAfterMs === undefined
}

/** Who signed a conversation's reasoning is not always known; the vendor's refusal decides, once. */
function canDoWithoutReasoning({ call, ports }: Walk, { rev }: PoolModel, { fault, status }: Failed): boolean {
  const { live, request } = call
  if (live.unsigned || live.gone !== null || !refusesReasoning(fault, status, request)) return false
  live.unsigned = true
  ports.signers.disown(request, rev.id)
  return true
}

function recordFailure(walk: Walk, model: PoolModel, result: Failed, renewed: boolean): Verdict {
  const { call, ports, rows, failures } = walk
  const { fault, status, translated, ended } = result
  const failed = { ...result, afterSend: call.policy.afterSend, clientsKey: model.access.auth === 'passthrough', renewed }
  if (fault.code === 'E_INTERNAL') ports.report(fault, call.id)
  const verdict = judgeFailure(failed)
  const row = failedRow(call, ended, failed, verdict)
  rows.push(row)
  if (!renewed) failures.push({ model: model.rev.id, fault, status, verdict, ...(translated && { translated }) })
  ports.ledger.attempt(call.id, row).catch((error: unknown) => ports.report(error, call.id))
  ports.health.leave(model.rev.id, verdict.health, ports.clock.now())
  if (verdict.passing && fault.retryAfterMs !== undefined) noteWait(walk, fault.retryAfterMs)
  return verdict
}

async function attempt(walk: Walk, model: PoolModel): Promise<Attempted | SentBack> {
  const { call, ports, deadline, rows } = walk
  call.live.attempts++
  const plan = { n: call.asked.length + rows.length + 1, model, leftMs: deadline - ports.clock.monotonic() }
  const headers = () => openingHeaders(call, model, servesIn(rows) + 1)
  const gate = openGate(call, model, ports)
  if (gate !== null) return attemptGated(walk, gate, plan, headers)
  return makeAttempt(call, plan, ports, {
    headers,
    gate: null,
    finish(ended, delivery) {
      walk.taken?.()
      return finishCall(call, ended, delivery, rows, ports)
    },
  })
}

/** The answer waits to be judged. While one that was sent back can still be delivered, the models after it are asked. */
async function attemptGated(
  walk: Walk,
  gate: Gate,
  plan: AttemptPlan,
  headers: () => Readonly<Record<string, string>>,
): Promise<Attempted | SentBack> {
  const { call, ports, rows } = walk
  const { model, n } = plan
  const sent: { back: SentBack | null } = { back: null }
  const result = await makeAttempt(gate.call, plan, ports, {
    headers,
    gate: (ended, delivery) =>
      gate.judge(ended, delivery, async (taken) => {
        rows.push(...gate.rows)
        walk.taken = taken
        // Once: the answer does not wait for the others to recover.
        const walked = await walkChain(walk, 1, 1)
        sent.back = { kind: 'sent-back', walked }
        return walked === null || call.live.gone !== null ? null : { headers: openingHeaders(call, model, servesIn(rows)) }
      }),
    // Rejected but delivered after all: it is recorded with its final outcome.
    finish: (ended, delivery) =>
      finishCall(call, ended, delivery, sent.back === null ? [...rows, ...gate.rows] : rows.filter((row) => row.n !== n), ports),
  })
  if (result.kind === 'delivered') return result
  gate.drop()
  if (sent.back === null) return result
  ports.health.leave(model.rev.id, { kind: 'ok' }, ports.clock.now())
  return sent.back
}

function servesIn(rows: readonly AttemptRow[]): number {
  return rows.filter((row) => row.purpose === 'serve').length
}
