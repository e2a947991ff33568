import { type Reader, readCount, readCountOrNull, readMs, readText } from './reader.js'
import type { Writer } from './writer.js'

type Count = number | null

/** What a replay needs of how a call ended, as stored in the columns: numbers of names and model revisions. */
export interface Settlement {
  readonly seq: number
  readonly settledAt: number
  readonly status: number
  readonly model: Count
  readonly costNano: Count
  readonly baselineCostNano: Count
  readonly ttftMs: Count
  readonly latencyMs: Count
  readonly attempts: readonly SettledAttempt[]
}

export interface SettledAttempt {
  readonly n: number
  readonly purpose: number
  readonly model: number
  readonly modelRev: number
  readonly t0: number
  readonly sentMs: Count
  readonly firstByteMs: Count
  readonly endMs: Count
  readonly outcome: number
  readonly status: Count
  readonly errorCode: string | null
  readonly retryAfterMs: Count
  readonly inputTokens: Count
  readonly cacheReadTokens: Count
  readonly cacheWrite5mTokens: Count
  readonly cacheWrite1hTokens: Count
  readonly outputTokens: Count
  readonly reasoningTokens: Count
  readonly usageSource: number
  readonly costNano: Count
  readonly billed: number
  /** JSON text. */
  readonly splices: string | null
  readonly losses: string | null
}

/** Begins with its own length, so that settlements can be read one after another. */
export function packSettlement(w: Writer, s: Settlement): Buffer {
  w.count(s.seq)
  w.count(s.settledAt)
  w.count(s.status)
  w.countOrNull(s.model)
  w.countOrNull(s.costNano)
  w.countOrNull(s.baselineCostNano)
  w.ms(s.ttftMs)
  w.ms(s.latencyMs)
  w.count(s.attempts.length)
  for (const a of s.attempts) {
    w.count(a.n)
    w.count(a.purpose)
    w.count(a.model)
    w.count(a.modelRev)
    w.ms(a.t0 - s.settledAt)
    w.ms(a.sentMs)
    w.ms(a.firstByteMs)
    w.ms(a.endMs)
    w.count(a.outcome)
    w.countOrNull(a.status)
    w.text(a.errorCode)
    w.ms(a.retryAfterMs)
    w.countOrNull(a.inputTokens)
    w.countOrNull(a.cacheReadTokens)
    w.countOrNull(a.cacheWrite5mTokens)
    w.countOrNull(a.cacheWrite1hTokens)
    w.countOrNull(a.outputTokens)
    w.countOrNull(a.reasoningTokens)
    w.count(a.usageSource)
    w.countOrNull(a.costNano)
    w.count(a.billed)
    w.text(a.splices)
    w.text(a.losses)
  }
  const body = w.take()
  w.count(body.length)
  w.bytes(body)
  return w.take()
}

/** Null for a call that has not ended. */
export function readSettlement(r: Reader): Settlement | null {
  if (readCount(r) === 0) return null
  const seq = readCount(r)
  const settledAt = readCount(r)
  return {
    seq,
    settledAt,
    status: readCount(r),
    model: readCountOrNull(r),
    costNano: readCountOrNull(r),
    baselineCostNano: readCountOrNull(r),
    ttftMs: readMs(r),
    latencyMs: readMs(r),
    attempts: readAttempts(r, settledAt),
  }
}

function readAttempts(r: Reader, settledAt: number): SettledAttempt[] {
  const attempts: SettledAttempt[] = []
  for (let left = readCount(r); left > 0; left--) {
    attempts.push({
      n: readCount(r),
      purpose: readCount(r),
      model: readCount(r),
      modelRev: readCount(r),
      t0: Math.round((settledAt + (readMs(r) ?? 0)) * 1000) / 1000,
      sentMs: readMs(r),
      firstByteMs: readMs(r),
      endMs: readMs(r),
      outcome: readCount(r),
      status: readCountOrNull(r),
      errorCode: readText(r),
      retryAfterMs: readMs(r),
      inputTokens: readCountOrNull(r),
      cacheReadTokens: readCountOrNull(r),
      cacheWrite5mTokens: readCountOrNull(r),
      cacheWrite1hTokens: readCountOrNull(r),
      outputTokens: readCountOrNull(r),
      reasoningTokens: readCountOrNull(r),
      usageSource: readCount(r),
      costNano: readCountOrNull(r),
      billed: readCount(r),
      splices: readText(r),
      losses: readText(r),
    })
  }
  return attempts
}
