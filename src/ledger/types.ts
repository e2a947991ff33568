import type { Nano } from '../kit/index.js'

/** Rows as the ledger is given them. Blobs are encoded by the rooms that own their meaning; the ledger does not look inside. */

export const CALL_STATUSES = ['ok', 'error', 'cancelled', 'interrupted', 'running'] as const
export type CallStatus = (typeof CALL_STATUSES)[number]

/** `source` of calls that ask again what a logged call had asked, to check a simulation: they cost money, but are no traffic. */
export const VERIFICATION = 'verify'

export interface RunRow {
  readonly id: string
  readonly startedAt: number
  readonly appVersion: string
  readonly engine: number
  readonly node: string
}

/** What is asked, by whom, and what was decided, in words: given with a new call, and back in listings and replays. */
export interface CallFacts {
  readonly id: string
  readonly decidedAtMs: number
  readonly session: string | null
  readonly turn: number
  readonly parentCall: string | null
  readonly retryOf: string | null
  readonly sideKind: string | null
  readonly client: string
  readonly key: string | null
  readonly tier: string | null
  readonly tags: readonly string[]
  readonly mode: 'auto' | 'pinned' | 'alias'
  readonly format: string
  readonly profile: string
  readonly requestedModel: string
  readonly chosen: string | null
  readonly baseline: string | null
  readonly stream: boolean
  readonly task: string
  readonly complexity: string
  readonly difficulty: number
  readonly inputTokensEstimate: number
  readonly rule: string | null
  readonly reason: string
}

/** The inputs of a call's decision. */
export interface DecisionRow {
  readonly tzMin: number
  readonly policyHash: string
  readonly classifierHash: string
  /** Number of the last node of its digest chain, see `prefixes()`. */
  readonly prefixLeaf: number | null
  /** Index into the digest chain after which the client marked a cache breakpoint. */
  readonly breakpoints: readonly number[]
  readonly limit: number | null
  /** Upper bound reserved against budgets, by scope. */
  readonly reservations: readonly Reservation[]
  readonly stateHash: string
  readonly signals: Uint8Array
  readonly input: Uint8Array
  readonly plan: Uint8Array
}

/** Everything known when a call was decided, before anything was sent. */
export interface CallOpen extends CallFacts, Omit<DecisionRow, 'prefixLeaf'> {
  /** Digest chain of the conversation, one entry a message, the envelope first. */
  readonly prefixes: readonly PrefixNode[]
  /** Where the call came from; absent for live traffic, `import:claude-code` and so on, or VERIFICATION otherwise. */
  readonly source?: string | undefined
}

export interface Reservation {
  readonly scope: string
  readonly amount: Nano
  /**
   * When given, `open` refuses with E_BUDGET, writing nothing, if spent + reserved + amount would pass it. The check is made
   * inside the transaction, so parallel calls of several processes cannot overspend.
   */
  readonly limit?: Nano
}

/** One message of a request as stored, once per digest: the first JSON seen under a digest is the one that is kept. */
export interface StoredMessage {
  readonly digest: string
  readonly json: string
}

/**
 * What the pipeline writes. Every promise resolves after the rows are committed; a rejected one wrote nothing.
 * Writes of the same turn of the event loop share one transaction; an `open` without reservations waits up to 3 ms to share another.
 */
export interface LedgerWriter {
  /** Returns the sequence number given in the transaction. A second open of the same id changes nothing. */
  open(call: CallOpen): Promise<number>
  /** Attempts given here replace those of the same `n`. A second settle of the same call changes nothing. */
  settle(call: CallSettle): Promise<number>
  attempt(call: string, attempt: AttemptRow): Promise<void>
  outcome(row: OutcomeRow): Promise<void>
  /** Stores a policy or model revision once per hash. */
  remember(kind: 'policy' | 'model_rev', hash: string, json: string): Promise<void>
  /** Bodies may follow the call within a second; failures are reported, never thrown at the client. */
  bodies(call: string, request: readonly StoredMessage[], reply: string | null): void
}

export interface PrefixNode {
  /** Digest of this node chained over its ancestors, without cache_control and billing header. */
  readonly digest: string
  /** Tokens of the whole prefix up to here, reference tokenizer. */
  readonly refTokens: number
}

/** `verify`: an answer that nobody but a judge reads, asked for to check a simulation. Nothing is learned from it. */
export type AttemptPurpose = 'serve' | 'judge' | 'classify' | 'shadow' | 'batch' | 'verify'
export type AttemptOutcome = 'ok' | 'error' | 'timeout' | 'cancelled' | 'cut' | 'refused' | 'running'

export interface AttemptRow {
  readonly n: number
  readonly purpose: AttemptPurpose
  readonly model: string
  readonly modelRev: string
  readonly t0: number
  /** Milliseconds after t0; null when it did not happen. */
  readonly sentMs: number | null
  readonly firstByteMs: number | null
  readonly endMs: number | null
  readonly outcome: AttemptOutcome
  readonly status: number | null
  readonly errorCode: string | null
  readonly retryAfterMs: number | null
  readonly inputTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWrite5mTokens: number | null
  readonly cacheWrite1hTokens: number | null
  readonly outputTokens: number | null
  readonly reasoningTokens: number | null
  readonly usageSource: 'reported' | 'estimated' | 'none'
  readonly costNano: Nano | null
  readonly billed: 'yes' | 'no' | 'maybe'
  readonly splices: readonly unknown[]
  readonly losses: readonly unknown[]
}

export interface CallSettle {
  readonly id: string
  readonly settledAtMs: number
  readonly status: Exclude<CallStatus, 'running' | 'interrupted'>
  /** Model that answered. */
  readonly model: string | null
  readonly attempts: readonly AttemptRow[]
  /** All attempts, judge and classifier included, shadow apart; null when unpriced. */
  readonly costNano: Nano | null
  readonly baselineCostNano: Nano | null
  readonly ttftMs: number | null
  /** Null of a logged call whose log has no duration. */
  readonly latencyMs: number | null
  readonly error: string | null
  readonly httpStatus: number
}

/** A call that is over: as it was decided and as it ended. */
export interface EndedCall {
  readonly open: CallOpen
  readonly settle: CallSettle
  /** Its messages and answer, if they are to be kept. */
  readonly bodies?: { readonly request: readonly StoredMessage[]; readonly reply: string | null } | undefined
}

export interface OutcomeRow {
  readonly call: string
  /** `feedback`, `refusal`, `empty`, `truncated`, `invalid-json`, `tool-parse`, `repeat`, `retry`, `check-failed`, `ladder`, ... */
  readonly kind: string
  readonly value: number | null
  readonly note?: string
  readonly atMs: number
}

/** A user's verdict on a call, and why. */
interface Feedback {
  readonly call: string
  readonly verdict: 'good' | 'bad'
  readonly note?: string | undefined
}

/** Feedback as an outcome of its call: 1 is good, 0 is bad. */
export function feedbackRow({ call, verdict, note }: Feedback, atMs: number): OutcomeRow {
  return { call, kind: 'feedback', value: verdict === 'good' ? 1 : 0, atMs, ...(note === undefined ? {} : { note }) }
}
