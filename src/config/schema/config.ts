import { z } from 'zod'
import { SANDBOX_SPEED } from '../../catalog/index.js'
import { BARRED_PORTS } from './barred-ports.js'
import { modelId, pool } from './model.js'
import { budgetAction, profile } from './profile.js'
import { provider, secret } from './provider.js'
import { budget, duration, share, size, text, wait } from './quantities.js'
import { rule } from './rule.js'

const server = z.strictObject({
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .refine((port) => !BARRED_PORTS.has(port), { error: 'expected another port: fetch and browsers refuse to connect to this one' })
    .default(4141)
    .describe('Port to listen on.'),
  host: text.default('127.0.0.1').describe('Address to listen on; anything but loopback needs `key`.'),
  key: z.exactOptional(secret).describe('Credential that clients must show; any is accepted on loopback unless given.'),
  allowedHosts: z.array(z.string()).default([]).describe('Host headers accepted besides loopback names.'),
  maxBody: size
    .prefault('64MB')
    .describe('Largest request body. One that stands still for 30 s after its first megabyte is refused (408).'),
  drain: wait.prefault('30s').describe('How long open calls may finish when the server stops.'),
})

const ledger = z.strictObject({
  path: z.exactOptional(text).describe("The database file; in the user's data folder unless given."),
  bodies: z.enum(['all', 'none']).default('all').describe('Whether prompts and answers are kept; `none` keeps keyed digests only.'),
  keep: duration.prefault('90d').describe('How long calls are kept.'),
  maxSize: size.prefault('2GB').describe('Size above which the oldest bodies go, then the oldest calls.'),
})

const sandboxObject = z.strictObject({
  enabled: z
    .union([z.boolean(), z.literal('when-no-keys')])
    .default('when-no-keys')
    .describe('As `sandbox` itself.'),
  speed: z.number().positive().default(SANDBOX_SPEED).describe('Times real speed.'),
  seed: z.number().int().default(1).describe('Same seed, same answers.'),
  errorRate: share.default(0).describe('Share of attempts that fail with 503, to try failover.'),
})

const classifier = z.strictObject({
  llm: z
    .exactOptional(
      z.strictObject({
        model: modelId.describe('A model of the pool.'),
        minConfidence: share
          .default(0.5)
          .describe('Asked about a request of middling difficulty when the local classifier is less sure than this.'),
        maxUsdPerCall: z.number().positive().default(0.001).describe('Not asked when the question may cost more.'),
        timeout: wait.prefault('2s').describe('After this the local answer stands.'),
      }),
    )
    .describe('A model that is asked when the local classifier is unsure.'),
  embeddings: z
    .exactOptional(
      z.strictObject({
        model: modelId.describe('An embedding model of the pool.'),
        neighbours: z.number().int().positive().default(8).describe('How many of the nearest examples vote.'),
        timeout: wait.prefault('1s').describe('After this local vectors are used.'),
      }),
    )
    .describe(
      'An embedding model that labelled examples are compared by, in place of local vectors; having the examples embedded is recorded as calls of the client `llmroute`.',
    ),
  examples: z.exactOptional(text).describe("File of labelled examples (JSON Lines); in the user's config folder unless given."),
  neverLearnFrom: z
    .array(z.string().regex(/^(?:tag|profile|client|key):./, { error: "expected 'tag:NAME', 'profile:NAME', 'client:NAME' or 'key:NAME'" }))
    .default([])
    .describe('Calls that `llmroute train` leaves out: `tag:NAME`, `profile:NAME`, `client:NAME` or `key:NAME`.'),
})

const batch = z.strictObject({
  expect: duration.prefault('1h').describe("How long a provider's batch usually takes; one is used when twice this is left."),
  expectFlex: duration.prefault('1m').describe('The same for flex tiers.'),
  poll: duration.prefault('10s').describe("First pause between two looks at a provider's batch; it grows to thirty times this."),
  live: z.number().int().positive().default(4).describe('Lines asked at once where there is no batch API or no time for one.'),
  lines: z.number().int().positive().default(10_000).describe('Most lines of one batch at a provider.'),
  expired: z
    .enum(['live', 'report'])
    .default('live')
    .describe("What happens to lines that a provider's batch did not finish, unless the profile says."),
})

const tunnel = z.strictObject({
  command: z.array(z.string()).min(1).describe('Program that opens the tunnel; `{port}` stands for the port.'),
  hostname: z.exactOptional(z.string()).describe('Host header that calls through the tunnel carry.'),
  token: secret.describe('Credential that calls through the tunnel must show.'),
})

const sandbox = z.union([z.boolean(), z.literal('when-no-keys'), sandboxObject])

export const configSchema = z.strictObject({
  server: server.prefault({}).describe('The proxy itself.'),
  providers: z
    .exactOptional(z.record(z.string().regex(/^[^/\s:]+$/, { error: 'expected another key (no slash, colon or blank)' }), provider))
    .describe('Who serves models, by id. Known ones need no settings.'),
  models: z.exactOptional(pool).describe('The pool; a ready-made choice per provider unless given.'),
  baseline: z.exactOptional(modelId).describe('Model that savings are measured against.'),
  default: z.string().default('balanced').describe('Profile of a call that names none.'),
  profiles: z
    .record(z.string().regex(/^[\w.-]+$/, { error: 'expected another key (letters, digits, dot, dash and underscore)' }), profile)
    .default({})
    .describe('Routing policies by name.'),
  rules: z.array(rule).default([]).describe("Rules of every profile, after the profile's own."),
  aliases: z.record(z.string(), z.string()).default({}).describe('Other names for models and profiles: `gpt-4o` → `auto`.'),
  ledger: ledger.prefault({}).describe('What is kept of calls.'),
  sandbox: sandbox.default(false).describe('Simulated models: `true`, `when-no-keys`, or settings.'),
  keys: z
    .strictObject({ path: z.exactOptional(text).describe("The file; in the user's config folder unless given.") })
    .prefault({})
    .describe('Local API keys and their budgets, in a file of their own.'),
  budgets: z
    .array(
      z.strictObject({
        scope: z
          .string()
          .regex(/^(?:total|session|(?:profile|key):.+)$/, { error: "expected 'total', 'session', 'profile:NAME' or 'key:NAME'" })
          .describe('`total`, `session`, `profile:NAME` or `key:NAME`.'),
        limit: budget.describe('Amount, and period: `hour`, `day`, `week`, `month` or `total`.'),
        action: budgetAction
          .default('clamp')
          .describe(
            'What happens when it runs out, in profiles without a `budgetAction`; of several that apply, `block` before `downgrade` before `clamp`.',
          ),
      }),
    )
    .default([])
    .describe('Spending limits.'),
  batch: batch.prefault({}).describe('Calls that may wait: `llmroute batch`, `/v1/batches` and `/v1/messages/batches`.'),
  classifier: classifier.prefault({}).describe('Help for the local classifier; off unless given.'),
  tunnel: z.exactOptional(tunnel).describe('Access from outside, for inference routes only.'),
})

/** What users write. */
export type RouterConfig = z.input<typeof configSchema>
/** What llmroute works with: defaults filled in, durations in milliseconds, sizes in bytes. */
export type Config = z.output<typeof configSchema>

/** The sandbox settings in one form. An object without `enabled` means "when there is no key": settings alone never replace real models. */
export function sandboxSettings(config: Config): Extract<Config['sandbox'], object> {
  const { sandbox } = config
  return typeof sandbox === 'object' ? sandbox : { enabled: sandbox, speed: SANDBOX_SPEED, seed: 1, errorRate: 0 }
}
