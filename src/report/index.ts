/**
 * Adds up recorded calls: spend, savings against named baselines, rates and routes with a larger model than needed. Also shows single calls
 * and decisions in the shape other programs read. It only reads the ledger, and never counts an unknown price as 0.
 */
export { buildReport, type ReportQuery } from './build-report.js'
export { emptyReport } from './empty-report.js'
export { explain } from './explain.js'
export { explainCall } from './explain-call.js'
export { explanationText } from './explanation-text.js'
export { asHtml } from './html/as-html.js'
export { dayChart } from './html/day-chart.js'
export { explanationHtml } from './html/explanation.js'
export { htmlTable, shareBar } from './html/html-table.js'
export { reportBody, reportPage } from './html/page.js'
export { STYLE } from './html/style.js'
export { findNotional, notionalReader } from './notional.js'
export { pageData } from './page-data.js'
export { decisionReader } from './read-decision.js'
export * from './report.js'
export { savingsInterval } from './savings-interval.js'
export { type CallTold, callTeller, tellCall } from './tell-call.js'
