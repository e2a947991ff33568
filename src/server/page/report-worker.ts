import { workerData } from 'node:worker_threads'
import { answerQuestions } from '../../kit/thread.js'
import { openLedger } from '../../ledger/index.js'
import { buildReport, pageData, type ReportQuery, reportBody } from '../../report/index.js'

/** What to add up: with `by` as the JSON of `report --json`, without it as HTML for the page. */
export type ReportQuestion = Omit<ReportQuery, 'by'> & Partial<Pick<ReportQuery, 'by'>>

/** Adds the report up in a separate thread, so that calls being served do not wait for it. */
const ledger = await openLedger((workerData as { path: string }).path, { readonly: true })
answerQuestions(({ by, ...range }: ReportQuestion) =>
  by === undefined ? reportBody(pageData(ledger, range)) : JSON.stringify(buildReport(ledger, { ...range, by })),
)
