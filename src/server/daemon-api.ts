import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { withoutTier } from '../catalog/index.js'
import type { Complexity, Task } from '../classify/index.js'
import {
  API,
  API_VERSION,
  Feedback,
  ledgerIdentity,
  type ModelHealth,
  type Status,
  VerifierQuestion,
  VerifyTask,
} from '../control/index.js'
import { asFault, Fault, parseJson } from '../kit/index.js'
import { feedbackRow, findCall, type Ledger } from '../ledger/index.js'
import { GROUP_BY } from '../report/index.js'
import { credentialOf, needJsonBody, sameSecret } from './check-access.js'
import type { Metrics } from './metrics.js'
import { ledgerFault } from './open-records.js'
import { json, type OwnAnswer, queryOf } from './own-answer.js'
import type { Page } from './page/serve-page.js'
import { rangeOf, readApi } from './read-api.js'
import type { OwnPath } from './routes.js'
import type { Runtime } from './runtime.js'

/** Throws a Fault for a wrong token, an unknown path or a malformed body. */
export type AnswerOwn = (wanted: OwnPath, req: IncomingMessage, readBody: () => Promise<Buffer>) => Promise<OwnAnswer>

interface DaemonApiOptions {
  readonly runtime: Runtime
  readonly metrics: Metrics
  readonly page: Page
  /** For whoever may use the API. */
  readonly token: string
  /** Why this caller may not see the models and their prices; null when it may. */
  readonly stranger: (req: IncomingMessage) => Fault | null
  readonly version: string
  readonly url: () => string
  readonly startedAt: Date
  /** Why the newest configuration was refused; null when it is in use. */
  readonly configError: () => string | null
  readonly tunnel: () => Status['tunnel']
  readonly reload: () => Promise<string | null>
  /** Called after the answer has been written. */
  readonly stop: () => void
}

/** Health, metrics, the page and the daemon's own API. */
export function createDaemonApi(options: DaemonApiOptions): { readonly status: () => Status; readonly answer: AnswerOwn } {
  const { runtime, metrics, page, token, stranger } = options

  const status = (): Status => ({
    api: API_VERSION,
    version: options.version,
    pid: process.pid,
    url: options.url(),
    ledger: ledgerIdentity(runtime.db),
    ledgerFault: ledgerFault(runtime.ledgerState()),
    startedAt: options.startedAt.toISOString(),
    profile: runtime.setup().defaultProfile,
    sandbox: runtime.pool().sandbox,
    pool: runtime.setup().pool.map((m) => m.rev.id),
    inFlight: runtime.router.inFlight,
    calls: runtime.ledger()?.counts().calls ?? 0,
    config: { path: runtime.loaded().path, error: options.configError() },
    tunnel: options.tunnel(),
  })

  const modelHealth = (): readonly ModelHealth[] =>
    runtime.setup().pool.map(({ rev }) => {
      const { breaker, quotaLeft } = runtime.health.read(rev.id, Date.now())
      return { model: rev.id, breaker, quotaLeft }
    })

  const needLedger = (): Ledger => {
    const ledger = runtime.ledger()
    if (ledger === null)
      throw new Fault('E_UNAVAILABLE', 'the ledger cannot be opened at the moment; calls are kept aside until it can', {
        hint: 'Run `llmroute doctor`.',
      })
    return ledger
  }

  const feedback = async (body: Buffer): Promise<void> => {
    const given = parsed(Feedback, body)
    const ledger = needLedger()
    const { id, model, task, complexity, difficulty } = findCall(ledger, given.call).call
    const outcome = feedbackRow({ ...given, call: id }, Date.now())
    await ledger.outcome(outcome)
    if (model === null) return
    runtime.outlook.learn({
      type: 'outcome',
      model: withoutTier(model),
      task: task as Task,
      complexity: complexity as Complexity,
      difficulty,
      kind: outcome.kind,
      value: outcome.value,
    })
  }

  const stats = async (query: URLSearchParams): Promise<OwnAnswer> => {
    needLedger()
    const by = GROUP_BY.find((group) => group === (query.get('by') ?? 'model'))
    if (by === undefined) throw new Fault('E_USAGE', `by is one of ${GROUP_BY.join(', ')}`, { final: true })
    return { status: 200, type: 'application/json', body: await page.report({ ...rangeOf(query), by, nowMs: Date.now() }) }
  }

  const health = (req: IncomingMessage): OwnAnswer => {
    const ledger = runtime.ledgerState()
    const status = ledger.kind === 'ledger' ? 'ok' : 'degraded'
    if (stranger(req) !== null) return json({ status })
    const now = Date.now()
    return json({
      status,
      version: options.version,
      sandbox: runtime.pool().sandbox,
      inFlight: runtime.router.inFlight,
      ledger: ledger.kind === 'ledger' ? { kind: 'ledger' } : { ...ledger, fault: ledger.fault.message },
      models: runtime.setup().pool.map(({ rev }) => ({ model: rev.id, ...runtime.health.read(rev.id, now) })),
    })
  }

  const figures = (req: IncomingMessage): OwnAnswer => {
    const refused = stranger(req)
    if (refused !== null) throw refused
    return { status: 200, type: 'text/plain; version=0.0.4', body: metrics.write(runtime) }
  }

  const answerApi = async (path: string, req: IncomingMessage, readBody: () => Promise<Buffer>): Promise<OwnAnswer> => {
    const shown = credentialOf(req.headers, '')
    const isOwner = shown !== null && sameSecret(shown, token)
    const forPage = isOwner || page.admits(req) ? await page.answer(path, req, needLedger) : undefined
    if (forPage !== undefined) return forPage
    if (!isOwner) {
      throw new Fault('E_AUTH', 'this needs the token of the daemon', {
        hint: 'Use the llmroute commands, or `llmroute open`.',
        final: true,
      })
    }
    if (req.method === 'POST') needJsonBody(req.headers)
    switch (`${req.method} ${path}`) {
      case `GET ${API.status}`:
        return json(status())
      case `GET ${API.health}`:
        return json({ models: modelHealth() })
      case `GET ${API.stats}`:
        return stats(queryOf(req))
      case `POST ${API.feedback}`:
        await feedback(await readBody())
        return json({ ok: true })
      case `POST ${API.verifier}`:
        return json(runtime.verifier.terms(parsed(VerifierQuestion, await readBody()).judge))
      case `POST ${API.verify}`:
        return json(await runtime.verifier.run(parsed(VerifyTask, await readBody())))
      case `POST ${API.reload}`: {
        const error = await options.reload().catch((e: unknown) => asFault(e).message)
        return json({ ok: error === null, error })
      }
      case `POST ${API.link}`:
        return json({ url: `${options.url()}/?code=${page.newCode()}` })
      case `POST ${API.stop}`:
        setImmediate(options.stop)
        return json({ ok: true })
      default: {
        const read = req.method === 'GET' ? readApi(path, queryOf(req), needLedger) : undefined
        if (read !== undefined) return json(read)
        throw new Fault('E_NOT_FOUND', `the API has no ${req.method} ${path}`, {
          hint: `It has ${API.calls}, ${API.explain}/ID, ${API.stats}, ${API.health} and ${API.status} to read.`,
          final: true,
        })
      }
    }
  }

  return {
    status,
    async answer(wanted, req, readBody) {
      switch (wanted.kind) {
        case 'health':
          return health(req)
        case 'metrics':
          return figures(req)
        case 'page':
          return page.document(req)
        case 'api':
          return answerApi(wanted.path, req, readBody)
      }
    },
  }
}

function parsed<T>(shape: z.ZodType<T>, body: Buffer): T {
  const read = shape.safeParse(parseJson(body.toString('utf8')))
  if (read.success) return read.data
  const why = read.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ')
  throw new Fault('E_BAD_REQUEST', `the body is not what this path takes: ${why}`, { final: true })
}
