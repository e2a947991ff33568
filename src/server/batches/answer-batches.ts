import type { IncomingMessage } from 'node:http'
import { Fault } from '../../kit/index.js'
import type { BatchStore } from '../../ledger/index.js'
import type { LocalKey } from '../../route/index.js'
import { type OwnAnswer, queryOf } from '../own-answer.js'
import type { Wanted } from '../routes.js'
import type { Runtime } from '../runtime.js'
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
  readonly store: BatchStore
  body(): Promise<Buffer>
  /** How long calls of a profile wait that do not say it, milliseconds; undefined when the profile does not either. */
  deadlineOf(profile: string | null): number | undefined
  /** Makes the runner check its jobs immediately. */
  nudge(): void
}

/** Answers the batch APIs of OpenAI and Anthropic as those do. Throws a Fault, to be shown in the format of the path. */
export async function answerBatchApi(
  { api, rest }: Wanted & { kind: 'batch' },
  req: IncomingMessage,
  key: LocalKey | null,
  body: () => Promise<Buffer>,
  { ledger, setup, batches }: Pick<Runtime, 'ledger' | 'setup' | 'batches'>,
): Promise<OwnAnswer> {
  const store = ledger()?.batch
  if (store === undefined)
    throw new Fault('E_UNAVAILABLE', 'the ledger cannot be opened at the moment, and jobs live in it', { hint: 'Run `llmroute doctor`.' })
  const request: BatchRequest = {
    method: req.method ?? 'GET',
    rest,
    query: queryOf(req),
    headers: req.headers,
    key,
    nowMs: Date.now(),
    store,
    body,
    deadlineOf: (profile) => setup().deadlines?.get(profile ?? setup().defaultProfile),
    nudge: batches.nudge,
  }
  switch (api) {
    case 'files':
      return answerFiles(request)
    case 'batches':
      return answerBatches(request)
    case 'message-batches':
      return answerMessageBatches(request)
  }
}
