import { workerData } from 'node:worker_threads'
import { answerQuestions } from '../kit/thread.js'
import { openLedger } from '../ledger/index.js'
import type { WhatIfWeights } from './feed.js'
import { WHAT_IF_SPAN_MS, whatIf } from './what-if.js'

/** Decides a day again in a separate thread, so that the screen does not freeze meanwhile. */
const ledger = await openLedger((workerData as { path: string }).path, { readonly: true })
answerQuestions((weights: WhatIfWeights) => whatIf(ledger, weights, Date.now() - WHAT_IF_SPAN_MS))
