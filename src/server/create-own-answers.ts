import type { IncomingMessage } from 'node:http'
import type { Fault } from '../kit/index.js'
import type { DaemonApi } from './daemon-api.js'
import type { Metrics } from './metrics.js'
import { json, type OwnAnswer } from './own-answer.js'
import type { Page } from './page/serve-page.js'
import type { Wanted } from './routes.js'
import type { Runtime } from './runtime.js'

interface OwnParts {
  readonly runtime: Runtime
  readonly metrics: Metrics
  readonly page: Page
  readonly api: DaemonApi
  readonly version: string
  /** Why this caller may not see the models and their prices; null when it may. */
  readonly stranger: (req: IncomingMessage) => Fault | null
}

export type AnswerOwn = (wanted: Wanted, req: IncomingMessage, readBody: () => Promise<Buffer>) => Promise<OwnAnswer | undefined>

/** Requests that the daemon answers itself: health, metrics, the page and its API. */
export function createOwnAnswers({ runtime, metrics, page, api, version, stranger }: OwnParts): AnswerOwn {
  function health(req: IncomingMessage): OwnAnswer {
    const ledger = runtime.ledgerState()
    const status = ledger.kind === 'ledger' ? 'ok' : 'degraded'
    if (stranger(req) !== null) return json({ status })
    const now = Date.now()
    return json({
      status,
      version,
      sandbox: runtime.pool().sandbox,
      inFlight: runtime.router.inFlight,
      ledger: ledger.kind === 'ledger' ? { kind: 'ledger' } : { ...ledger, fault: ledger.fault.message },
      models: runtime.setup().pool.map(({ rev }) => ({ model: rev.id, ...runtime.health.read(rev.id, now) })),
    })
  }

  function figures(req: IncomingMessage): OwnAnswer {
    const refused = stranger(req)
    if (refused !== null) throw refused
    const { router, ledgerState } = runtime
    const models = runtime.setup().pool.map((m) => m.rev.id)
    const now = { models, health: runtime.health, nowMs: Date.now(), inFlight: router.inFlight, ledger: ledgerState() }
    return { status: 200, type: 'text/plain; version=0.0.4', body: metrics.write(now) }
  }

  return async (wanted, req, readBody) => {
    switch (wanted.kind) {
      case 'health':
        return health(req)
      case 'metrics':
        return figures(req)
      case 'page':
        return page.document(req)
      case 'api':
        return api.answer(wanted.path, req, readBody)
      default:
        return undefined
    }
  }
}
