import { workerData } from 'node:worker_threads'
import { answerQuestions } from '../../kit/thread.js'
import { openLedger } from '../../ledger/index.js'
import { buildReport, pageData, type ReportQuery, reportBody } from '../../report/index.js'

/** What is to be added up: grouped, as the JSON that `report --json` prints, or without `by` as HTML for the page. */
export type ReportQuestion = Omit<ReportQuery, 'by'> & Partial<Pick<ReportQuery, 'by'>>

/** Adds the report up in a thread of its own: calls that are being served do not wait for it. */
const ledger = await openLedger((workerData as { path: string }).path, { readonly: true })
answerQuestions(({ by, ...range }: ReportQuestion) =>
  by === undefined ? reportBody(pageData(ledger, range)) : JSON.stringify(buildReport(ledger, { ...range, by })),
)
