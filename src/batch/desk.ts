import type { AttemptRow, BatchJobRow, BatchLineRow, BatchStore } from '../ledger/index.js'
import { type Decided, decideCall, type Inbound, type Outlet, type RouterParts } from '../route/index.js'
import type { BatchSettings, JobTerms, LineSpec } from './types.js'

/** The ports of the batch runner. */
export interface BatchPorts {
  /** The pipeline's own ports: lines are decided, sent and settled as calls are. */
  readonly parts: RouterParts
  /** Null while the ledger cannot be opened: jobs then stand still. */
  readonly store: () => BatchStore | null
  readonly attemptsOf: (call: string) => readonly AttemptRow[]
  readonly settings: () => BatchSettings
  /** A profile's setting for lines that a batch did not finish. */
  readonly expired: (profile: string) => 'live' | 'report'
  /** Calls of clients that are being served now; lines make way for them. */
  readonly busy: () => number
}

/** The ports while the ledger is open. */
export interface Desk extends Omit<BatchPorts, 'store' | 'settings'> {
  readonly store: BatchStore
  readonly settings: BatchSettings
}

export interface Job extends BatchJobRow {
  readonly says: JobTerms
}

export function jobOf(row: BatchJobRow): Job {
  return { ...row, says: JSON.parse(row.terms) as JobTerms }
}

export function specOf({ spec }: BatchLineRow): LineSpec {
  return JSON.parse(spec) as LineSpec
}

/** A line as the call it is: read, judged and decided under its own id. Throws a Fault for one that cannot be understood. */
export function decideLine(job: Job, line: BatchLineRow, desk: Desk): Decided {
  return decideCall(line.call, inboundOf(job, line, desk), NOWHERE, desk.parts)
}

function inboundOf({ says, deadlineAt }: Job, line: BatchLineRow, { parts: { clock } }: Desk): Inbound {
  const { format, action, urlModel } = specOf(line)
  const { profile, tags, key, client } = says
  return {
    format,
    action,
    headers: {
      'user-agent': client,
      'x-llmroute-deadline': `${Math.max(1, deadlineAt - clock.now())}ms`,
      ...(profile === null ? {} : { 'x-llmroute-profile': profile }),
      ...(tags.length === 0 ? {} : { 'x-llmroute-tags': tags.join(',') }),
      // Lines of a job are no conversation.
      'x-llmroute-session': `batch:${line.call}`,
    },
    body: Buffer.from(line.request),
    ...(urlModel === undefined ? {} : { urlModel, urlStream: false }),
    arrived: clock.monotonic(),
    key,
    mayBatch: true,
  }
}

const NOWHERE: Outlet = { head: () => {}, write: () => true, end: () => {}, onDrain: () => {}, onGone: () => {} }
