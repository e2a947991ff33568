import { z } from 'zod'
import { ABILITY_GROUPS, NEEDS, PARAMETERS, WIRE_FORMATS } from '../../catalog/index.js'
import { duration } from './quantities.js'
import { task } from './rule.js'

const usd = z.number().nonnegative().nullable()
const count = z.number().int().positive()

const tokenPrice = {
  input: usd.describe('Prompt tokens.'),
  output: usd.describe('Generated tokens.'),
  cacheRead: z.exactOptional(usd).describe('Prompt tokens read from the cache; as input unless given.'),
  cacheWrite: z.exactOptional(usd).describe('Written to the cache for 5 minutes; as input unless given.'),
  cacheWrite1h: z.exactOptional(usd).describe('Written for an hour; as `cacheWrite` unless given.'),
  reasoning: z.exactOptional(usd).describe('Reasoning tokens, where they are not priced as output.'),
}
const price = z.strictObject({
  ...tokenPrice,
  perCall: z.exactOptional(z.number().nonnegative()).describe('USD per call.'),
  tiers: z
    .exactOptional(z.array(z.strictObject({ above: count, ...tokenPrice })).meta({ title: 'list of prices, each with `above`' }))
    .describe('Prices of the whole call when its prompt has more than `above` tokens.'),
})

const effort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])
const accepts = z.strictObject({
  needs: z.exactOptional(z.array(z.enum(NEEDS))).describe("Everything it supports; replaces the catalog's list."),
  refuses: z.exactOptional(z.array(z.enum(PARAMETERS))).describe('Parameters it answers with a 400; they are left out.'),
  maxTokensField: z.exactOptional(z.enum(['max_tokens', 'max_completion_tokens'])).describe('Name of the output limit.'),
  developerRole: z.exactOptional(z.boolean()).describe('Knows the `developer` role.'),
  efforts: z.exactOptional(z.array(effort)).describe('Effort levels, rising.'),
  thinkingSwitch: z
    .exactOptional(z.literal(true))
    .describe("Is told not to think by `thinking: { type: 'disabled' }`, in OpenAI's chat format."),
  cacheMarks: z
    .exactOptional(z.literal(true))
    .describe("Takes Anthropic's `cache_control` in OpenAI's chat format, as LiteLLM and other gateways do for Claude."),
  thinking: z.exactOptional(z.enum(['none', 'budget', 'adaptive', 'effort'])).describe('How it is told to think.'),
})

const quality = z.union([
  z.number().min(0).max(1).meta({ title: 'overall' }),
  z.partialRecord(z.union([task, z.enum(ABILITY_GROUPS)]), z.number().min(0).max(1)).meta({ title: 'by task or ability group' }),
])

export const modelId = z.string().regex(/^[^/\s]+\/\S+$/, { error: "expected 'provider/name'" })

const model = z.strictObject({
  id: modelId.describe('`provider/name`, as clients and reports name it.'),
  name: z
    .exactOptional(z.string().min(1))
    .describe('The name sent to the provider, such as a deployment; the part of `id` after the provider unless given.'),
  kind: z.exactOptional(z.enum(['chat', 'embedding'])).describe('Kind of requests it serves.'),
  wire: z.exactOptional(z.enum(WIRE_FORMATS)).describe("Wire format; the provider's unless given."),
  price: z.exactOptional(price).describe('USD per million tokens; null is unknown.'),
  batchPrice: z.exactOptional(price.meta({ title: 'as `price`' })).describe('The same for its batch tier.'),
  flexPrice: z.exactOptional(price.meta({ title: 'as `price`' })).describe('The same for its flex tier.'),
  contextWindow: z.exactOptional(count).describe('Tokens of prompt and answer together.'),
  maxOutput: z.exactOptional(count).describe('Tokens of the longest answer.'),
  quality: z.exactOptional(quality).describe('Probability of a good answer at the reference difficulty, overall or by task.'),
  accepts: z.exactOptional(accepts).describe('What it takes, where the catalog is wrong or silent.'),
  cache: z
    .exactOptional(
      z.strictObject({
        mode: z.enum(['explicit', 'automatic', 'none']).describe('`explicit`: only what the request marks is cached.'),
        minTokens: z.number().int().nonnegative().default(1024).describe('Shorter prompts are not cached.'),
        stepTokens: count.default(1).describe('Cached lengths are multiples of this.'),
        ttl: duration.prefault('5m').describe('How long an entry lives after its last use.'),
      }),
    )
    .describe('Its prompt cache.'),
  limits: z
    .exactOptional(
      z.strictObject({
        rpm: z.exactOptional(count).describe('Requests per minute.'),
        tpm: z.exactOptional(count).describe('Tokens per minute.'),
      }),
    )
    .describe('Rate limits of your account.'),
  carbon: z.exactOptional(z.number().nonnegative()).describe('Grams CO2e per million output tokens.'),
  tokenizerRatio: z.exactOptional(z.number().positive()).describe('Its tokens per o200k token.'),
  speed: z
    .exactOptional(
      z.strictObject({
        ttftMs: z.number().positive().describe('Time to the first token, milliseconds.'),
        tokensPerSecond: z.number().positive().describe('Output after that.'),
      }),
    )
    .describe('Speed assumed before anything is measured.'),
  verbosity: z.exactOptional(z.number().positive()).describe('Output tokens relative to the average model.'),
  reasoning: z.exactOptional(z.boolean()).describe('Thinks before it answers.'),
})

export const pool = z
  .array(z.union([modelId, model]))
  .min(1)
  .superRefine((models, context) => {
    const ids = models.map((entry) => (typeof entry === 'string' ? entry : entry.id))
    models.forEach((entry, i) => {
      if (ids.indexOf(ids[i]!) === i) return
      context.addIssue({
        code: 'custom',
        input: ids[i],
        path: typeof entry === 'string' ? [i] : [i, 'id'],
        message: 'expected each model once',
      })
    })
  })
