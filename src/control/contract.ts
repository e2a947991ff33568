import { z } from 'zod'

/** Raised when a shape below changes in a way an older CLI cannot read. */
export const API_VERSION = 1

/** Paths under the daemon's own API. Each needs the token as `Authorization: Bearer`. */
export const API = {
  status: '/api/status',
  stop: '/api/stop',
  reload: '/api/reload',
  link: '/api/link',
  /** As `log --json`, with its filters as query; `/ID` as `log ID --json`. */
  calls: '/api/calls',
  /** As `report --json`: `since`, `until`, `by`. */
  stats: '/api/stats',
  feedback: '/api/feedback',
  health: '/api/health',
  /** `/ID`, as `explain ID --json`. */
  explain: '/api/explain',
  /** The page's own; its session may read them, too, and explanations with `?as=html`. */
  live: '/api/live',
  report: '/api/report',
  verify: '/api/verify',
  verifier: '/api/verifier',
} as const

/** `GET /api/status`: who is listening and for which ledger. */
export const Status = z.object({
  api: z.number(),
  version: z.string(),
  pid: z.number(),
  url: z.string(),
  /** Absolute path of the ledger, symbolic links resolved. */
  ledger: z.string(),
  /** Why records are kept aside instead of being written to it; null while all is well. */
  ledgerFault: z.string().nullable().optional(),
  /** ISO 8601. */
  startedAt: z.string(),
  profile: z.string(),
  sandbox: z.boolean(),
  pool: z.array(z.string()),
  inFlight: z.number(),
  calls: z.number(),
  config: z.object({ path: z.string().nullable(), error: z.string().nullable() }),
  /** The tunnel, if there is one; `url` is null until the tunnel's program has reported it. */
  tunnel: z.object({ port: z.number(), url: z.string().nullable() }).nullable().optional(),
})
export type Status = z.infer<typeof Status>

/** `GET /api/health`: what the daemon has observed about each model. */
export const ModelHealth = z.object({
  model: z.string(),
  breaker: z.enum(['closed', 'half-open', 'open']),
  /** Share of the rate limit left, 0..1; null when unknown. */
  quotaLeft: z.number().nullable(),
})
export type ModelHealth = z.infer<typeof ModelHealth>
export const Health = z.object({ models: z.array(ModelHealth) })

/** `POST /api/link`: a link to the page that works once. */
export const Link = z.object({ url: z.string() })

/** `POST /api/stop` and `/api/reload`. `error` says why a new configuration was refused. */
export const Done = z.object({ ok: z.boolean(), error: z.string().nullable().optional() })

export const Feedback = z.object({ call: z.string(), verdict: z.enum(['good', 'bad']), note: z.string().optional() })
export type Feedback = z.infer<typeof Feedback>

/**
 * `POST /api/verifier`: the models that can be asked with a key of this machine to check a simulation, and the judge; null when there is
 * none.
 */
export const VerifierQuestion = z.object({ judge: z.string().nullable() })
export const VerifierTerms = z.object({ models: z.array(z.string()), judge: z.string().nullable() })
export type VerifierTerms = z.infer<typeof VerifierTerms>

/**
 * `POST /api/verify`: one logged call to be asked again, of `model`, with `judge` comparing (null: nobody). It must still have `entries`
 * messages (0: not known). `inputTokens`: the prompt in the reference tokenizer by the provider's own count. The answer is cut at `maxOutput`
 * tokens, so that what it may cost is known before; `scope` is the budget that all questions of one check share, `cap` its limit in nano-USD.
 */
export const VerifyTask = z.object({
  call: z.string(),
  entries: z.number(),
  model: z.string(),
  judge: z.string().nullable(),
  inputTokens: z.number().nonnegative(),
  maxOutput: z.number().int().positive(),
  scope: z.string(),
  cap: z.number().int().nonnegative(),
})
export type VerifyTask = z.infer<typeof VerifyTask>
const tokens = z.number().nullable()
/** `capped` and `budget`: it was not sent, since it could have passed the cap, or a budget of the configuration. */
export const VerifyOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answered'),
    id: z.string(),
    promptTokens: tokens,
    answerTokens: tokens,
    cut: z.boolean(),
    costNano: z.number().nullable(),
    verdict: z.enum(['better', 'worse', 'same']).nullable(),
  }),
  z.object({ kind: z.literal('failed'), id: z.string().nullable(), costNano: z.number().nullable(), reason: z.string() }),
  z.object({ kind: z.literal('capped') }),
  z.object({ kind: z.literal('budget'), reason: z.string() }),
])
export type VerifyOutcome = z.infer<typeof VerifyOutcome>
