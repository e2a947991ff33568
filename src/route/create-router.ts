import { asFault, Fault, newId } from '../kit/index.js'
import type { CallOpen } from '../ledger/types.js'
import { noCandidate } from '../policy/index.js'
import { beginAsking, decideAsked, type OnGone } from './ask-advice.js'
import { createShadowSpending } from './ask-shadow.js'
import type { DecidedCall } from './call.js'
import { countTokens } from './count-tokens.js'
import { decideCall } from './decide-call.js'
import { refuseCall } from './end-call.js'
import { type Inbound, NOWHERE, type Outlet, writeFault } from './exchange.js'
import { createKeptItems } from './kept-items.js'
import { foldDecided, openRow } from './open-row.js'
import { noteOutcome, outcomesOfTurn } from './outcomes.js'
import { sumCosts } from './price-usage.js'
import { codecOf } from './read-call.js'
import { createRecentCalls } from './recent-calls.js'
import { unservedHeaders } from './response-headers.js'
import type { RouterParts, RouterPorts } from './router-ports.js'
import { createSigners } from './signers.js'
import { understandCall } from './understand-call.js'
import { walkPlan } from './walk-plan.js'

export interface Router {
  /** Serves one request. Never rejects: errors are answered in the client's format. Resolves when the answer is complete. */
  handle(inbound: Inbound, outlet: Outlet): Promise<void>
  /** What would be done with a request, without doing or recording it. Throws a Fault for a request that cannot be understood. */
  consider(inbound: Inbound): DecidedCall
  readonly inFlight: number
}

/** The ports, with a memory that begins empty. */
export function routerParts(ports: RouterPorts): RouterParts {
  return {
    ...ports,
    signers: createSigners(),
    items: createKeptItems(),
    recent: createRecentCalls(),
    shadows: createShadowSpending(ports.shadowSpent),
  }
}

export function createRouter(ports: RouterPorts): Router {
  const parts = routerParts(ports)
  let inFlight = 0
  return {
    get inFlight() {
      return inFlight
    },
    consider: (inbound) =>
      decideCall({ id: newId(ports.clock.now()), outlet: NOWHERE, understood: understandCall(inbound, ports.setup(), parts.items) }, ports),
    async handle(inbound, outlet) {
      inFlight++
      const id = newId(ports.clock.now())
      const headers = (reason: string) => unservedHeaders(id, reason, ports.clock.monotonic() - inbound.arrived)
      try {
        if (inbound.action === 'count-tokens') countTokens(inbound, outlet, ports.setup(), parts.items, headers(COUNTED))
        else await serve(id, inbound, outlet, parts)
      } catch (error) {
        const fault = nestedTooDeeply(error) ?? asFault(error)
        if (fault.code === 'E_INTERNAL') ports.report(error, id)
        // Requests that were never decided (they cannot be parsed), and internal errors.
        writeFault(outlet, codecOf(inbound), fault, headers(fault.message))
      } finally {
        inFlight--
      }
    },
  }
}

/** Only a request nested thousands of levels deep takes more stack than there is; JSON.parse itself knows no such limit. */
function nestedTooDeeply(error: unknown): Fault | null {
  if (!(error instanceof RangeError && error.message.includes('call stack'))) return null
  return new Fault('E_BAD_REQUEST', 'the request is nested too deeply', { final: true, cause: error })
}

async function serve(id: string, inbound: Inbound, outlet: Outlet, ports: RouterParts): Promise<void> {
  const client = watchClient(outlet)
  const understood = understandCall(inbound, ports.setup(), ports.items)
  const undecided = { id, outlet, understood }
  const asking = beginAsking(undecided, client.onGone, ports)
  const advice = asking === null ? null : await asking.advice
  asking?.release()
  const call = decideAsked(undecided, advice, ports)
  const row = openRow(call, placeInSession(call, ports))
  foldDecided(call, row, ports)
  const opened = ports.ledger.open(row)
  // Not waited for without budgets: rows are written in this order, and the settlement is waited for before the answer ends.
  if (row.reservations.length === 0) opened.catch((error: unknown) => ports.report(error, id))
  else if (!(await holdBudget(opened, call, row, ports))) return
  for (const asked of call.asked) ports.ledger.attempt(id, asked).catch((error: unknown) => ports.report(error, id))
  const { ladder } = call.plan
  if (ladder !== null && ladder.moved !== 0) noteOutcome(id, 'ladder', null, ports, ladder.moved, ladder.why[0])
  client.follow(call)
  const unserved = call.plan.chain === 0 ? { fault: refusal(call), attempts: [] } : await walkPlan(call, ports)
  if (unserved !== null) await refuseCall(call, unserved.fault, unserved.attempts, ports)
}

/** Listens from the start, since a client may leave while others are asked about its request. */
function watchClient(outlet: Outlet): { readonly onGone: OnGone; follow(call: DecidedCall): void } {
  let gone: Fault | null = null
  let listeners: ((fault: Fault) => void)[] = []
  const onGone: OnGone = (listener) => {
    if (gone === null) listeners.push(listener)
    else listener(gone)
  }
  outlet.onGone(() => {
    gone = new Fault('E_CANCELLED', 'the client went away')
    for (const listener of listeners) listener(gone)
    listeners = []
  })
  return {
    onGone,
    follow: ({ live }) =>
      onGone((fault) => {
        live.gone = fault
        live.flight?.cancel(fault)
        live.wake?.()
      }),
  }
}

/** Which call this one repeats, if any, and what it reveals about the previous one. Side calls have no place in a session. */
function placeInSession({ id, session, signals, conversation, input }: DecidedCall, ports: RouterParts): string | null {
  if (signals.sideKind !== null) return null
  const { recent } = ports
  const leaf = conversation.prefixes.at(-1)?.digest ?? ''
  const before = recent.before(session)
  const retryOf = recent.retried(session, leaf, input.atMs)
  recent.note(id, session, leaf, input.atMs)
  if (retryOf !== null) noteOutcome(retryOf, 'retry', null, ports)
  else if (before !== null) for (const kind of outcomesOfTurn(signals)) noteOutcome(before, kind, null, ports)
  return retryOf
}

/**
 * Waits until the reservation is in the ledger. If another process's call has taken the money, records and answers that, and returns false.
 */
async function holdBudget(opened: Promise<number>, call: DecidedCall, row: CallOpen, ports: RouterParts): Promise<boolean> {
  try {
    await opened
  } catch (error) {
    const fault = asFault(error)
    if (fault.code === 'E_BUDGET') {
      const spent = sumCosts(call.asked) ?? 0
      const reservations = row.reservations.map(({ scope }) => ({ scope, amount: spent }))
      ports.ledger.open({ ...row, chosen: null, reservations }).catch((e: unknown) => ports.report(e, call.id))
      await refuseCall(call, fault, [], ports)
      return false
    }
    ports.report(error, call.id)
  }
  return true
}

/**
 * Why nothing can serve: if no model of the pool can ever take the request it is the client's error (400), if the cause may pass it is ours
 * (503).
 */
function refusal({ plan, input, setup }: DecidedCall): Fault {
  const fault = noCandidate(plan, input.endogenous.budgets)
  if (fault.code === 'E_BUDGET' && setup.pool.some(({ access }) => access.auth === 'passthrough')) {
    const hint = `${fault.hint} Calls on a client's own credential count too, at list prices.`
    return new Fault('E_BUDGET', fault.message, { final: true, hint })
  }
  if (fault.code !== 'E_NO_CANDIDATE' || !fault.final) return fault
  return new Fault('E_BAD_REQUEST', fault.message, { final: true, hint: fault.hint })
}

const COUNTED = 'tokens are estimated here; nothing is sent'
