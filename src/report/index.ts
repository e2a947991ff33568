/**
 * Adds up recorded calls: spend, savings against named baselines, rates and routes with a larger model than needed. Also shows single calls
 * and decisions in the shape other programs read. It only reads the ledger, and never counts an unknown price as 0.
 */
export { type BaselineComparison, buildReport, emptyReport, type ProfileReturn, type Report, type ReportQuery } from './build-report.js'
export type { ArmResult, ExperimentResult } from './experiment-results.js'
export { explain, explainCall } from './explain.js'
export { explanationText } from './explanation-text.js'
export { GROUP_BY, type Group, type GroupBy } from './group-rows.js'
export { dayChart } from './html/day-chart.js'
export { explanationHtml } from './html/explanation.js'
export { escapeHtml, htmlTable, shareBar } from './html/html-table.js'
export { reportBody, reportPage } from './html/page.js'
export { STYLE } from './html/style.js'
export { savingsInterval } from './intervals.js'
export { decisionReader } from './look-at-calls.js'
export { findNotional, notionalReader } from './notional.js'
export type { OverProvisionedRoute } from './over-provisioned.js'
export { pageData } from './page-data.js'
export { type CallView, callViewer, viewCall } from './view-call.js'
