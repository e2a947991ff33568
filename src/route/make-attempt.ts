import { NO_USAGE, type Usage } from '../canonical/index.js'
import type { ModelRev } from '../catalog/index.js'
import { asFault } from '../kit/index.js'
import { type Flight, type HeldAnswer, holdAnswer, readRateLimit } from '../upstream/index.js'
import { type Delivery, type EndedAttempt, timesOf } from './attempt.js'
import { type DecidedCall, replyContext } from './call.js'
import { deliverStream } from './deliver-stream.js'
import { cameWhole, deliverJson, type Finished, streamWhole } from './deliver-whole.js'
import { hideSecrets } from './hide-secrets.js'
import type { FailedAttempt } from './judge-failure.js'
import { keepsReply } from './keep-reply.js'
import { relayPass } from './relay-pass.js'
import type { RouterParts } from './router-ports.js'
import type { PoolModel } from './setup.js'
import { translatePass } from './translate-pass.js'
import { type WrittenRequest, writeUpstream } from './write-upstream.js'

export interface AttemptPlan {
  readonly n: number
  readonly model: PoolModel
  /** Milliseconds that this attempt may take to its first byte. */
  readonly leftMs: number
}

interface AttemptHooks {
  /** Headers of a stream's answer, known before it starts. */
  readonly headers: () => Readonly<Record<string, string>>
  /** Inspects the answer before any of it is delivered; throws to let another model take over. */
  readonly gate: ((ended: EndedAttempt, delivery: Delivery) => Promise<void>) | null
  /** Settles the call with what was delivered, before the client sees the end. */
  readonly finish: (ended: EndedAttempt, delivery: Delivery) => Promise<Finished>
}

/** Either the client has (part of) an answer, or nothing was written and another model may take over. */
export type Attempted =
  | { readonly kind: 'delivered' }
  | (Omit<FailedAttempt, 'afterSend' | 'clientsKey'> & { readonly kind: 'failed'; readonly ended: EndedAttempt })

/** Asks one model once, and passes its answer on. */
export async function makeAttempt(call: DecidedCall, plan: AttemptPlan, ports: RouterParts, hooks: AttemptHooks): Promise<Attempted> {
  const { clock, health } = ports
  const { model, n } = plan
  const t0 = clock.now()
  const start = clock.monotonic()
  let written: WrittenRequest | null = null
  let flight: Flight | null = null
  let held: HeldAnswer | null = null
  let status: number | null = null
  const endedNow = (): EndedAttempt => {
    const { sentMs, firstByteMs, endMs } = timesOf(flight, start, clock.monotonic())
    const priced = written?.fast ? { ...model, ...model.fast } : model
    return { n, model: priced, t0, sentMs, firstByteMs, endMs, status, splices: written?.splices ?? [], losses: written?.losses ?? [] }
  }
  let delivered = false
  let usage: Usage = NO_USAGE
  const spent = (used: Usage): void => {
    usage = used
  }
  const finish = async (delivery: Delivery): Promise<Finished> => {
    // The judge's time does not count as the model's.
    const ended = endedNow()
    if (hooks.gate !== null) {
      // Others are asked meanwhile: their answers must not wait for this one.
      held?.leave()
      await hooks.gate(ended, delivery)
    }
    delivered = true
    return hooks.finish(ended, delivery)
  }
  try {
    const { policy, request } = call
    const last = call.input.endogenous.lastModel
    const { unsigned } = call.live
    written = writeUpstream(call, model, {
      clampOutput: call.plan.clampOutput,
      inputTokens: call.signals.inputTokens,
      keepsReasoning: !unsigned && (last === null || last === model.rev.id),
      signedHere: unsigned ? NOTHING : ports.signers.made(request, model.rev.id),
      timeouts: { ...policy.timeouts, firstByteMs: patience(model.rev, policy.timeouts.firstByteMs, plan.leftMs) },
    })
    flight = ports.dispatch(model.rev)(written.request)
    call.live.flight = flight
    // Nothing else would end an attempt for a client that has disconnected.
    if (call.live.gone !== null) flight.cancel(call.live.gone)
    const answer = await flight.answer
    status = answer.status
    const limits = readRateLimit(answer.headers, t0)
    if (limits !== null) health.limits(model.rev.id, limits, t0)
    const leftMs = plan.leftMs - (clock.monotonic() - start)
    if (!request.stream || cameWhole(answer)) {
      held = holdAnswer(answer)
      const arriving = { call, written, flight, answer: held, leftMs, headers: hooks.headers, finish, spent }
      if (!request.stream) await deliverJson(arriving)
      else await streamWhole(arriving)
    } else {
      const keep = keepsReply(call)
      const hideUsage = written.splices.some((s) => s.kind === 'include-usage')
      const { codec, names } = written
      const pass = written.relayed ? relayPass(codec, hideUsage, keep) : translatePass(codec, call.codec, replyContext(call), names, keep)
      await deliverStream({ call, written, flight, answer, leftMs, headers: hooks.headers, finish, spent }, pass)
    }
    return { kind: 'delivered' }
  } catch (error) {
    if (delivered) throw error
    return {
      kind: 'failed',
      fault: call.live.gone ?? hideSecrets(asFault(error), written?.request.headers ?? {}, model.access.headers),
      status,
      translated: written !== null && !written.relayed,
      usage,
      ended: endedNow(),
      sent: flight?.times.sent != null,
      unsent: flight === null,
    }
  } finally {
    held?.leave()
    call.live.flight = null
  }
}

const NOTHING: ReadonlyMap<string, boolean> = new Map()

/** A flex service may keep silent for minutes; OpenAI's guide recommends a time-out of 15. */
const FLEX_SILENCE_MS = 15 * 60_000

function patience({ tier }: ModelRev, firstByteMs: number, leftMs: number): number {
  return Math.max(1, Math.min(tier === 'flex' ? FLEX_SILENCE_MS : firstByteMs, leftMs))
}
