import { Fault, redactSecrets } from '../kit/index.js'

/** Where the four formats carry a key. */
const CARRIERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const
/** Anything shorter could be a word of the sentence. */
const SHORTEST = 6

/** The same fault without the key that was sent: providers quote it in their answers, which clients, the log and the ledger get to see. */
export function hideSecrets(fault: Fault, sent: Readonly<Record<string, string>>): Fault {
  const keys = CARRIERS.flatMap((name) => sent[name]?.replace(/^Bearer /i, '') ?? []).filter((key) => key.length >= SHORTEST)
  const hide = (text: string): string => redactSecrets(keys.reduce((rest, key) => rest.replaceAll(key, '[redacted]'), text))
  const message = hide(fault.message)
  if (message === fault.message) return fault
  return new Fault(fault.code, message, {
    status: fault.status,
    final: fault.final,
    cause: fault.cause,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
    ...(fault.param === undefined ? {} : { param: fault.param }),
    ...(fault.upstreamType === undefined ? {} : { upstreamType: fault.upstreamType }),
  })
}
