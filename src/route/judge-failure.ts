import type { Request, Usage } from '../canonical/index.js'
import type { Fault } from '../kit/index.js'
import type { HealthEvent } from '../upstream/index.js'
import { LACKS, TOO_LONG } from '../wire/index.js'

/** What a failed attempt means for the walk, for the model's health, and for the bill. */
export interface Verdict {
  /** `same`: a repeat may help at once; `next`: another model may do it; `stop`: nothing in the plan can help. */
  readonly walk: 'same' | 'next' | 'stop'
  /** The cause may pass by itself, so that waiting can help. */
  readonly passing: boolean
  readonly health: HealthEvent
  /** The provider may have served, and charged for, an answer that never arrived. */
  readonly billed: 'no' | 'maybe'
}

export interface FailedAttempt {
  readonly fault: Fault
  /** Status of the answer; null when none came. */
  readonly status: number | null
  /** The request had been handed to the connection. */
  readonly sent: boolean
  /** It failed here, before anything was handed to the provider: no fault of the model's. */
  readonly unsent?: boolean
  readonly afterSend: 'failover' | 'never'
  /** The body was written here, in another format than the client's. */
  readonly translated?: boolean
  /** The credential was the client's own: one that is refused says nothing of the model. */
  readonly clientsKey?: boolean
  /** The credential was refused, and there is another by now. */
  readonly renewed?: boolean
  /** Usage that the provider reported despite the failure. */
  readonly usage?: Usage | undefined
}

/** How servers name a field, a value or an amount that they refuse and others take: OpenAI, Anthropic, Google, Mistral, Fireworks and Groq (2026). */
const LIMITS =
  /unsupported|not support|unknown (?:parameter|name|variant)|unrecognized request argument|extra inputs are not permitted|array too long|maximum number of items/i

const NEUTRAL: HealthEvent = { kind: 'neutral' }
const MISCONFIGURED: HealthEvent = { kind: 'misconfigured' }

/** This model would fail again; another may not. */
function refused(health: HealthEvent): Verdict {
  return { walk: 'next', passing: false, health, billed: 'no' }
}

export function judgeFailure(failure: FailedAttempt): Verdict {
  const { fault, status: answered, sent, unsent, afterSend, translated, clientsKey, renewed } = failure
  // The provider's error message decides, even in a 200: the request was not served.
  const status = answered !== null && fault.upstreamType !== undefined ? fault.status : answered
  if (fault.code === 'E_CANCELLED') return { walk: 'stop', passing: false, health: NEUTRAL, billed: sent ? 'maybe' : 'no' }
  if (unsent) return refused(fault.code === 'E_AUTH' ? MISCONFIGURED : NEUTRAL)
  // We are out of handles: no fault of the model's, and over once other calls end.
  if (status === null && fault.code === 'E_UNAVAILABLE') return { walk: 'next', passing: true, health: NEUTRAL, billed: 'no' }
  if (renewed) return { walk: 'same', passing: true, health: NEUTRAL, billed: 'no' }
  const retryAfterMs = fault.retryAfterMs ?? null
  const unreached = !sent && fault.code === 'E_UPSTREAM'
  const failed: HealthEvent = { kind: 'failed', retryAfterMs, unreached }
  if (status === null || status < 300) {
    // No status, or a 200 whose body was unusable: once sent, it may have been served.
    const billed = sent ? 'maybe' : 'no'
    if (sent && afterSend === 'never') return { walk: 'stop', passing: true, health: failed, billed }
    const reset = status === null && sent && fault.code === 'E_UPSTREAM'
    return { walk: reset ? 'same' : 'next', passing: true, health: failed, billed }
  }
  // Windows and skills differ: another model may have room, or know how; and what this vendor refuses may be how we put it.
  if (fault.upstreamType === TOO_LONG || fault.upstreamType === LACKS) return refused(NEUTRAL)
  if ((status === 400 || status === 422) && (translated || LIMITS.test(fault.message))) return refused(NEUTRAL)
  if (clientsKey && (status === 401 || status === 402 || status === 403)) return refused(NEUTRAL)
  // A redirect is not followed: its baseURL is wrong.
  if (status < 400) return refused(MISCONFIGURED)
  switch (status) {
    case 401:
    case 402:
    case 403:
    case 404:
    case 405:
    case 410:
      return refused(MISCONFIGURED)
    case 408:
    case 409:
      return { walk: 'same', passing: true, health: failed, billed: 'no' }
    case 425:
    case 429:
    case 498:
      return { walk: 'next', passing: true, health: { kind: 'limited', retryAfterMs }, billed: 'no' }
    default:
      return status >= 500
        ? { walk: 'next', passing: true, health: failed, billed: 'no' }
        : { walk: 'stop', passing: false, health: NEUTRAL, billed: 'no' }
  }
}

/** How vendors say that they cannot verify, miss or do not know reasoning in the history (Anthropic, OpenAI, Google, Groq, Mistral; 2026). */
const SAYS =
  /signature|thinking` or `redacted_thinking|encrypted[ _]content|type 'reasoning'|value: 'thinking'|reasoning_(content|details)|extra_content/i

/** True when a request was refused for reasoning that it repeats, so that it may do without. */
export function refusesReasoning(fault: Fault, status: number | null, request: Request): boolean {
  return (status === 400 || status === 422) && SAYS.test(fault.message) && request.messages.some((m) => m.parts.some(isReasoning))
}

function isReasoning(part: Request['messages'][number]['parts'][number]): boolean {
  return part.type === 'reasoning' || (part.type === 'tool-call' && part.signature !== undefined)
}
