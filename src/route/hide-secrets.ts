import { Fault, redactSecrets } from '../kit/index.js'

/** Where the four formats carry a key. */
const CARRIERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const
/** Anything shorter could be a word of the sentence. */
const SHORTEST = 6

/** Headers of a configuration may be a gateway's token; shorter ones are names and versions, which an error may need to say. */
const SHORTEST_HEADER = 16

/** Takes the key that was sent out of a text, and the headers that the configuration adds: providers quote them in their answers. */
export function secretHider(sent: Readonly<Record<string, string>>, added: Readonly<Record<string, string>>): (text: string) => string {
  const carried = CARRIERS.flatMap((name) => sent[name] ?? []).filter((value) => bare(value).length >= SHORTEST)
  const keys = [...carried, ...Object.values(added).filter((value) => value.length >= SHORTEST_HEADER)].map(bare)
  return (text) => redactSecrets(keys.reduce((rest, key) => rest.replaceAll(key, '[redacted]'), text))
}

/** The same fault without these secrets: clients, the log and the ledger get to see it. */
export function hideSecrets(fault: Fault, sent: Readonly<Record<string, string>>, added: Readonly<Record<string, string>>): Fault {
  const message = secretHider(sent, added)(fault.message)
  if (message === fault.message) return fault
  return new Fault(fault.code, message, { ...fault, cause: fault.cause })
}

function bare(value: string): string {
  return value.replace(/^Bearer /i, '')
}
