import type { Request, Usage } from '../../canonical/index.js'
import { classifierHash, classify, type Signals } from '../../classify/index.js'
import type { Damage, HistoryCall, HistoryFile, HistorySource } from '../../history/index.js'
import { readHistory } from '../../history/read-history.js'
import type { Ledger, PrefixNode, StoredMessage } from '../../ledger/index.js'
import { type Conversation, digestMessages } from '../../route/digest-messages.js'
import { openPlaces, type Place } from './places.js'

export interface HistoryWanted {
  readonly source: HistorySource
  readonly files: readonly HistoryFile[]
  readonly since?: number
  readonly until?: number
  /** Requires digests that only this ledger can make, so that nobody can confirm a guessed prompt. */
  readonly isKeyed: boolean
  /** Messages and answers are wanted, not only their digests. */
  readonly withTexts: boolean
}

/** A logged call and everything that can be derived without the previous ones. Its conversation is what it adds to the one it continues. */
export interface UnderstoodCall extends Omit<HistoryCall, 'file' | 'line' | 'turn' | 'request' | 'reply'> {
  /** Null for a call that the ledger has. */
  readonly asked: Asked | null
}

export interface Asked {
  readonly signals: Signals
  readonly limit: number | null
  readonly stream: boolean
  readonly place: Place
  readonly prefixes: readonly PrefixNode[]
  /** Beside `prefixes`; none unless texts are wanted, and of a call whose log has figures only. */
  readonly messages: readonly StoredMessage[]
  readonly breakpoints: readonly number[]
  readonly hasRequest: boolean
  readonly reply: string | null
}

/** Some calls in chronological order, and the reading position. */
export interface UnderstoodBatch {
  readonly calls: readonly UnderstoodCall[]
  readonly damage: readonly Damage[]
  /** Bytes read so far in all files. */
  readonly bytes: number
  /** What classified them: the thread that records them does not load it. */
  readonly classifierHash: string
}

/** That of a call of which only figures are logged: two of them need have nothing in common. */
const UNKNOWN: Conversation = { prefixes: [], messages: [], breakpoints: [] }

const CALLS = 128
/** Characters of messages after which a batch is full: those that wait for the ledger are held in memory. */
const CHARS = 1024 * 1024

/**
 * Reads logs and classifies their requests: the stateless part of an import, which may run in a separate thread. `ledger` is asked which calls
 * it has, and for digests; null where it can have none of them.
 */
export async function* understandHistory(
  { source, files, isKeyed, withTexts, ...range }: HistoryWanted,
  ledger: Pick<Ledger, 'hasCall' | 'keyed'> | null,
): AsyncGenerator<UnderstoodBatch> {
  const keyed = isKeyed && ledger !== null ? ledger.keyed : null
  const places = openPlaces()
  let calls: UnderstoodCall[] = []
  let damage: Damage[] = []
  let bytes = 0
  let chars = 0

  function ask(call: HistoryCall): Asked {
    // An empty one for logs with figures only.
    const request: Request = call.request ?? {
      format: call.format,
      model: call.model,
      messages: [],
      tools: [],
      sampling: {},
      stream: false,
    }
    const signals = classify(request)
    const hasRequest = call.request !== null
    const { prefixes, messages, breakpoints } = hasRequest ? digestMessages(request, signals.envelope.tokens, keyed) : UNKNOWN
    // Figures-only calls do not precede calls that have texts.
    const place = places.of(`${call.file}\n${call.session}\n${call.sideChain}\n${hasRequest}`, prefixes)
    const fresh = withTexts ? messages.slice(place.kept) : []
    const reply = withTexts && call.reply.length > 0 ? JSON.stringify(call.reply) : null
    for (const { json } of fresh) chars += json.length
    chars += reply?.length ?? 0
    return {
      signals,
      limit: request.maxOutputTokens ?? null,
      stream: request.stream,
      place,
      prefixes: prefixes.slice(place.kept),
      messages: fresh,
      // Agents' logs leave out the marks for the prompt cache; cached tokens show that the prompt had one at its end.
      breakpoints: hasRequest && breakpoints.length === 0 && hasCached(call.usage) ? [prefixes.length - 1] : breakpoints,
      hasRequest,
      reply,
    }
  }

  function batch(): UnderstoodBatch {
    const full = { calls, damage, bytes, classifierHash }
    calls = []
    damage = []
    chars = 0
    return full
  }

  const onProgress = (read: number): void => {
    bytes = read
  }
  for await (const call of readHistory(source, files, { ...range, onProgress, onDamage: (one) => damage.push(one) })) {
    const asked = ledger?.hasCall(call.id) === true ? null : ask(call)
    calls.push(understood(call, asked))
    if (calls.length >= CALLS || chars >= CHARS) yield batch()
  }
  yield batch()
}

function hasCached({ cacheRead, cacheWrite5m, cacheWrite1h }: Usage): boolean {
  return Boolean(cacheRead || cacheWrite5m || cacheWrite1h)
}

/** Written out: the spread of an object this wide takes longer than reading the line that it came from. */
function understood(call: HistoryCall, asked: Asked | null): UnderstoodCall {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning } = call.usage
  return {
    id: call.id,
    source: call.source,
    client: call.client,
    session: call.session,
    sideChain: call.sideChain,
    atMs: call.atMs,
    endMs: call.endMs,
    ttftMs: call.ttftMs,
    model: call.model,
    provider: call.provider,
    format: call.format,
    usage: { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning },
    costNano: call.costNano,
    status: call.status,
    error: call.error,
    asked,
  }
}
