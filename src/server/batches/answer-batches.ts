import type { IncomingMessage } from 'node:http'
import { Fault } from '../../kit/index.js'
import type { BatchStore } from '../../ledger/index.js'
import type { LocalKey } from '../../route/index.js'
import { type OwnAnswer, queryOf } from '../own-answer.js'
import { answerMessageBatches } from './message-batches.js'
import { answerBatches } from './openai-batches.js'
import { answerFiles } from './openai-files.js'

/** A request to one of the batch APIs. */
export interface BatchRequest {
  readonly method: string
  /** After the API's own path, without slashes at its ends: an id and perhaps an action. */
  readonly rest: readonly string[]
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly key: LocalKey | null
  readonly nowMs: number
  body(): Promise<Buffer>
}

/** How long calls of a profile wait that do not say it; null when the profile does not either. */
export type DeadlineOf = (profile: string | null) => number | null

export interface BatchDoor {
  readonly store: () => BatchStore | null
  readonly deadlineOf: DeadlineOf
  /** Makes the runner check its jobs immediately. */
  readonly nudge: () => void
}

export type BatchPath = 'files' | 'batches' | 'message-batches'

/** Answers the batch APIs of OpenAI and Anthropic as those do. Throws a Fault, to be shown in the format of the path. */
export async function answerBatchApi(
  path: BatchPath,
  rest: readonly string[],
  req: IncomingMessage,
  key: LocalKey | null,
  body: () => Promise<Buffer>,
  door: BatchDoor,
): Promise<OwnAnswer> {
  const store = door.store()
  if (store === null)
    throw new Fault('E_UNAVAILABLE', 'the ledger cannot be opened at the moment, and jobs live in it', { hint: 'Run `llmroute doctor`.' })
  const request: BatchRequest = {
    method: req.method ?? 'GET',
    rest,
    query: queryOf(req),
    headers: req.headers,
    key,
    nowMs: Date.now(),
    body,
  }
  switch (path) {
    case 'files':
      return answerFiles(request, store)
    case 'batches':
      return answerBatches(request, store, door)
    case 'message-batches':
      return answerMessageBatches(request, store, door)
  }
}
