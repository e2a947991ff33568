import type { IncomingMessage } from 'node:http'
import { API } from '../../control/index.js'
import { DAY_MS, Fault } from '../../kit/index.js'
import { createThread } from '../../kit/thread.js'
import { findCall, type Ledger } from '../../ledger/index.js'
import { escapeHtml, explainCall, explanationHtml } from '../../report/index.js'
import { json, type OwnAnswer, queryOf } from '../own-answer.js'
import type { Runtime } from '../runtime.js'
import { callRowHtml } from './call-row.js'
import { pageDocument, READ_ONLY_GUARDS } from './page-document.js'
import { pageSessions } from './page-sessions.js'
import type { ReportQuestion } from './report-worker.js'

/** The page that `llmroute open` opens, and what its script asks for. It only reads. */
export interface Page {
  /** A code for a link that opens the page once, within a minute. */
  newCode(): string
  /** `GET /`: the page for a link's code or an opened session; a plain line for everybody else. */
  document(req: IncomingMessage): OwnAnswer
  /** True when the request comes from the opened page. */
  admits(req: IncomingMessage): boolean
  /** The answer for one of the page's own paths; undefined for other paths. */
  answer(path: string, req: IncomingMessage, ledger: () => Ledger): Promise<OwnAnswer | undefined>
  /** Adds a report up, in a separate thread. */
  report(question: ReportQuestion): Promise<string>
  close(): Promise<void>
}

/** More calls than this are not shown at once. */
const ROWS = 100
const LONGEST_DAYS = 3660

export function servePage(runtime: Runtime, port: () => string): Page {
  const sessions = pageSessions()
  const reports = createThread<ReportQuestion, string>(new URL('./report-worker.js', import.meta.url), { path: runtime.db })
  // Cookies know no ports: two daemons must not overwrite each other's.
  const cookie = (): string => `llmroute_${port()}`
  const admits = (req: IncomingMessage): boolean => {
    const site = req.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
    return cookiesOf(req, cookie()).some((shown) => sessions.admits(shown))
  }

  return {
    newCode: sessions.newCode,
    admits,
    document(req) {
      const code = req.method === 'GET' ? queryOf(req).get('code') : null
      const session = code === null ? null : sessions.redeem(code)
      if (session !== null) {
        return pageDocument({ 'set-cookie': `${cookie()}=${session}; HttpOnly; SameSite=Strict; Path=/` })
      }
      if (admits(req)) return pageDocument({})
      const body = `llmroute is running. ${code === null ? '' : 'This link was used before or is too old. '}\`llmroute open\` opens its page.\n`
      return { status: code === null ? 200 : 403, type: 'text/plain; charset=utf-8', body, headers: READ_ONLY_GUARDS }
    },
    async answer(path, req, ledger) {
      if (req.method !== 'GET') return undefined
      const query = queryOf(req)
      if (path === API.live) return json(live(runtime, ledger(), query), READ_ONLY_GUARDS)
      if (path === API.report) return json({ html: await reports.ask(lastDays(query)) }, READ_ONLY_GUARDS)
      if (!path.startsWith(`${API.explain}/`) || query.get('as') !== 'html') return undefined
      const call = findCall(ledger(), path.slice(API.explain.length + 1))
      return json({ html: explanationHtml(explainCall(ledger(), call)) }, READ_ONLY_GUARDS)
    },
    report: reports.ask,
    close: reports.stop,
  }
}

/** Calls that are new since `after` and those of `running` that have ended, as lines of the table, oldest first. */
function live(runtime: Runtime, ledger: Ledger, query: URLSearchParams) {
  const after = Number(query.get('after') ?? 0)
  const running = (query.get('running') ?? '').split(',').filter(Boolean).map(Number).slice(0, ROWS)
  if (![after, ...running].every(Number.isSafeInteger)) throw new Fault('E_BAD_REQUEST', 'after and running are numbers', { final: true })
  const { seq, calls } = ledger.changes({ afterSeq: after, running, limit: ROWS })
  return { seq, state: stateHtml(runtime), rows: calls.map((call) => ({ id: `c-${call.id}`, html: callRowHtml(call) })) }
}

/** Who is there, and a light for each model's circuit breaker. */
function stateHtml(runtime: Runtime): string {
  const { defaultProfile, pool } = runtime.setup()
  const lights = pool.map(({ rev }) => {
    const { breaker } = runtime.health.read(rev.id, Date.now())
    return `<span title="${breaker}"><span class="light-${breaker}">●</span> ${escapeHtml(rev.id)}</span>`
  })
  const simulated = runtime.pool().sandbox ? ', <b>simulated models</b>' : ''
  return `${runtime.router.inFlight} in flight, profile ${escapeHtml(defaultProfile)}${simulated} &emsp; ${lights.join(' &ensp; ')}`
}

function lastDays(query: URLSearchParams): ReportQuestion {
  const days = Number(query.get('days') ?? 30)
  const nowMs = Date.now()
  if (days > 0 && days <= LONGEST_DAYS) return { since: nowMs - days * DAY_MS, nowMs }
  throw new Fault('E_BAD_REQUEST', `days is a number up to ${LONGEST_DAYS}`, { final: true })
}

function cookiesOf({ headers }: IncomingMessage, name: string): readonly string[] {
  return (headers.cookie ?? '')
    .split(/;\s*/)
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
}
