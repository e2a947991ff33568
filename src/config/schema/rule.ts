import { z } from 'zod'
import { NEEDS } from '../../catalog/index.js'
import { readPattern } from '../../kit/index.js'
import { TASKS } from '../../policy/codec/words.js'
import type { Rule } from '../../policy/types.js'
import { durationText } from './quantities.js'

export const task = z.enum(TASKS.words)

function oneOrMore<T extends z.ZodType>(item: T) {
  return z.union([item, z.array(item).min(1)])
}

const bound = z.exactOptional(z.number())
const range = z.union([
  z.number(),
  z.strictObject({ gt: bound, gte: bound, lt: bound, lte: bound }).meta({ title: '`{ gt, gte, lt, lte }`' }),
])
const words = oneOrMore(z.string())

const pattern = z.string().refine((text) => readPattern(text) !== null, { error: 'expected a JavaScript regular expression' })

/** Condition of a rule; every key given must hold. */
const when = z.strictObject({
  task: z.exactOptional(oneOrMore(task)).describe('Kind of work of this turn.'),
  complexity: z.exactOptional(oneOrMore(z.enum(['simple', 'medium', 'complex']))).describe('How hard it looks.'),
  difficulty: z.exactOptional(range).describe('Probability that a cheap model fails, 0 to 1.'),
  inputTokens: z.exactOptional(range).describe('Estimated prompt tokens.'),
  tools: z.exactOptional(range).describe('Number of tools offered.'),
  toolNames: z.exactOptional(words).describe('Any of these tools is offered; `Read*` matches a leading part.'),
  needs: z.exactOptional(oneOrMore(z.enum(NEEDS))).describe('Any of these is needed.'),
  language: z.exactOptional(words).describe('ISO 639-1 code of the language of the turn.'),
  tier: z.exactOptional(words).describe("Tier of the caller's key; of one without a tier, or without a key, `x-llmroute-tier`."),
  tags: z.exactOptional(words).describe('Any of these is among `x-llmroute-tags`.'),
  client: z.exactOptional(words).describe('Client program, such as `claude-code`.'),
  hours: z
    .exactOptional(z.string().regex(/^([01]?\d|2[0-4])-([01]?\d|2[0-4])$/, { error: "expected hours such as '9-17'" }))
    .describe("Local hours: `'9-17'`, or `'22-6'` over midnight."),
  budgetLeft: z.exactOptional(range).describe('USD left in the tightest budget that applies.'),
  turn: z.exactOptional(range).describe('Turn of the session; the first is 1.'),
  prompt: z.exactOptional(pattern).describe('Regular expression over the last user message; `/sql/i` ignores case.'),
  side: z.exactOptional(z.boolean()).describe('A call the client makes for itself: a title, a summary.'),
  deadline: z.exactOptional(durationText).describe("May wait at least this long: `'24h'`."),
})

const weight = z.number().nonnegative()
export const weights = z
  .strictObject({ cost: weight, quality: weight, latency: weight, carbon: z.exactOptional(weight) })
  .meta({ title: '`{ cost, quality, latency, carbon }`' })
  .refine((w) => w.cost + w.quality + w.latency + (w.carbon ?? 0) > 0, { error: 'expected at least one weight above 0' })

/** The first rule whose condition holds decides. */
export const rule = z
  .strictObject({
    name: z.exactOptional(z.string()).describe('Shown in explanations; numbered when absent.'),
    when: when.describe('Condition; all keys given must hold.'),
    use: z.exactOptional(words).describe('A model, a list of models to choose among, or `profile:NAME`.'),
    strict: z.exactOptional(z.boolean()).describe('Nothing outside `use` may serve, not even as a fallback.'),
    weights: z.exactOptional(weights).describe('Weights for the calls that match.'),
    deadline: z
      .exactOptional(durationText)
      .describe("Calls that match may wait this long, unless the client says otherwise: `'24h'`; `'0s'`: they are answered now."),
  })
  .refine((r) => r.use !== undefined || r.weights !== undefined || r.deadline !== undefined, {
    error: 'expected `use`, `weights` or `deadline`: this rule would change nothing',
  })

/** The schema and the policy's own types must not drift apart. */
type Agrees<A, B extends A> = B
export type RuleAgrees = Agrees<Rule, z.output<typeof rule>>
