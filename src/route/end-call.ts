import { type Fault, type Nano, redactSecrets, usdFromNano } from '../kit/index.js'
import type { AttemptRow, CallSettle } from '../ledger/types.js'
import { expectedCost, expectedOutput, outlookOf, warmAt } from '../policy/index.js'
import { askShadow } from './ask-shadow.js'
import { type Delivery, deliveredRow, type EndedAttempt } from './attempt.js'
import type { DecidedCall } from './call.js'
import type { Finished } from './deliver-whole.js'
import { writeFault } from './exchange.js'
import { baselineCost, sumCosts } from './price-usage.js'
import { type HeaderFacts, responseHeaders } from './response-headers.js'
import type { RouterParts } from './router-ports.js'
import { settleCall } from './settle-call.js'
import type { PoolModel } from './setup.js'

/** Settles a call that nothing could serve and answers with the reason. */
export async function refuseCall(call: DecidedCall, fault: Fault, attempts: readonly AttemptRow[], ports: RouterParts): Promise<void> {
  const latencyMs = elapsed(call, ports)
  const gone = call.live.gone !== null
  const rendered = call.codec.writeFault(fault)
  const row: CallSettle = {
    id: call.id,
    settledAtMs: ports.clock.now(),
    status: gone ? 'cancelled' : 'error',
    model: null,
    attempts: [...call.asked, ...attempts],
    costNano: sumCosts([...call.asked, ...attempts]),
    baselineCostNano: null,
    ttftMs: null,
    latencyMs,
    error: errorText(fault),
    httpStatus: gone ? 499 : rendered.status,
  }
  await settleCall(call, row, null, null, ports)
  if (gone) return
  // No model answered: the headers name the last one tried, else the one that would have been.
  const asked = call.setup.byId.get(attempts.at(-1)?.model ?? '') ?? null
  const facts = {
    ...factsOf(call, asked, attempts.length),
    model: asked?.rev.id ?? (call.plan.chain > 0 ? (call.plan.steps[0]?.model ?? null) : null),
  }
  writeFault(call.outlet, call.codec, fault, responseHeaders({ ...facts, cost: row.costNano, latencyMs }))
}

/** Settles a call with what was delivered, before the client sees the end of it. `earlier`: the attempts before the one that served. */
export async function finishCall(
  call: DecidedCall,
  ended: EndedAttempt,
  delivery: Delivery,
  earlier: readonly AttemptRow[],
  ports: RouterParts,
): Promise<Finished> {
  const latencyMs = elapsed(call, ports)
  const { row: served, usage } = deliveredRow(call, ended, delivery)
  const attempts = [...call.asked, ...earlier, served].sort((a, b) => a.n - b.n)
  const tries = attempts.filter((a) => a.purpose === 'serve').length
  const cost = sumCosts(attempts)
  const baseline = baselineCost(usage, ended.model.rev, baselineOf(call))
  const { outcome, fault } = delivery
  const row: CallSettle = {
    id: call.id,
    settledAtMs: ports.clock.now(),
    status: outcome === 'ok' ? 'ok' : outcome === 'cancelled' ? 'cancelled' : 'error',
    model: ended.model.rev.id,
    attempts,
    costNano: cost,
    baselineCostNano: baseline,
    ttftMs: latencyMs - ended.endMs + (ended.firstByteMs ?? ended.endMs),
    latencyMs,
    error: fault === null ? null : errorText(fault),
    httpStatus: outcome === 'cancelled' ? 499 : 200,
  }
  await settleCall(call, row, served, delivery.reply, ports)
  if (call.policy.shadow != null && outcome === 'ok') {
    setImmediate(() => askShadow(call, attempts, ports).catch((error: unknown) => ports.report(error, call.id)))
  }
  const savings = cost === null || baseline === null ? null : baseline - cost
  const facts: HeaderFacts = { ...factsOf(call, ended.model, tries), cost, savings, latencyMs }
  const metadata = call.wishes.includeMetadata
    ? {
        call: call.id,
        model: ended.model.rev.id,
        profile: call.policy.name,
        reason: facts.reason,
        attempts: tries,
        latencyMs: Math.round(latencyMs),
        costUsd: usdFromNano(cost),
        savingsUsd: usdFromNano(savings),
      }
    : null
  return { headers: responseHeaders(facts), metadata }
}

/** As the ledger keeps it. */
export function errorText({ code, message }: Fault): string {
  return redactSecrets(`${code}: ${message}`).slice(0, 500)
}

export function baselineOf(call: DecidedCall) {
  const id = call.baseline
  return id === null ? null : (call.setup.byId.get(id)?.rev ?? call.setup.baselines.get(id) ?? null)
}

/** The headers of a stream, which are sent before its cost is known. */
export function openingHeaders(call: DecidedCall, model: PoolModel, attempts: number): Readonly<Record<string, string>> {
  return responseHeaders(factsOf(call, model, attempts))
}

function elapsed({ inbound }: DecidedCall, { clock }: RouterParts): number {
  return clock.monotonic() - inbound.arrived
}

/** What is known when the headers are sent: estimates from the plan. */
function factsOf(call: DecidedCall, model: PoolModel | null, attempts: number): HeaderFacts {
  const { plan } = call
  const id = model?.rev.id ?? plan.steps[0]?.model
  const step = plan.steps.find((s) => s.model === id)
  const estimated = step?.cost ?? null
  const baseline = expectedBaseline(call, id)
  return {
    call: call.id,
    model: model?.rev.id ?? null,
    profile: call.policy.name,
    // The plan's estimates are for its first model.
    reason: id === plan.steps[0]?.model ? plan.reason : `${plan.reason}; then ${id} was asked`,
    attempts,
    estimatedCost: estimated,
    estimatedSavings: estimated === null || baseline === null ? null : baseline - estimated,
    cost: null,
    savings: null,
    latencyMs: null,
    simulated: model?.rev.simulated ?? false,
    notional: model?.access.auth === 'passthrough',
  }
}

/** What the baseline would probably cost. One that could not be chosen is priced as if it stood in for `model`, caches included. */
function expectedBaseline(call: DecidedCall, model: string | undefined): Nano | null {
  const { plan, input } = call
  const step = plan.steps.find((s) => s.model === call.baseline)
  if (step !== undefined) return step.cost
  const state = input.models.find(({ rev }) => rev.id === model)
  const rev = baselineOf(call)
  if (state === undefined || rev === null) return null
  const ratio = rev.tokenizerRatio / state.rev.tokenizerRatio
  const inItsTokens = { ...state, rev, tokenizerRatio: state.tokenizerRatio * ratio }
  const out = Math.round(expectedOutput(state, input.limit) * ratio)
  return expectedCost(inItsTokens, out, warmAt(input.endogenous.warm, state.rev), input.atMs, outlookOf(input)).cost
}
