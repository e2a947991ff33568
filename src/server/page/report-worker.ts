import { workerData } from 'node:worker_threads'
import { answerQuestions } from '../../kit/thread.js'
import { openLedger } from '../../ledger/index.js'
import { pageData, reportBody } from '../../report/index.js'

const DAY_MS = 86_400_000

/** Adds the report up in a thread of its own: calls that are being served do not wait for it. */
const ledger = await openLedger((workerData as { path: string }).path, { readonly: true })
answerQuestions((days: number) => {
  const nowMs = Date.now()
  return reportBody(pageData(ledger, { since: nowMs - days * DAY_MS, nowMs }))
})
