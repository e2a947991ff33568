import { z } from 'zod'
import { modelId } from './model.js'
import { budget, duration, share, wait } from './quantities.js'
import { rule, weights } from './rule.js'

const ladder = z.strictObject({
  enabled: z.boolean().default(true).describe('As `ladder` itself.'),
  up: z.exactOptional(z.number().positive()).describe('Evidence of trouble at which a session moves up.'),
  down: z.exactOptional(z.number().nonnegative()).describe('Evidence at which it comes down again.'),
  maxRung: z.exactOptional(z.number().int().positive()).describe('Highest rung.'),
})

const cascade = z.strictObject({
  enabled: z.boolean().default(true).describe('As `cascade` itself.'),
  threshold: z.exactOptional(share).describe('Judge score below which the answer is replaced.'),
  hold: z.exactOptional(wait).describe('How long a stream may be held back; 0 leaves streams alone.'),
  judge: z
    .exactOptional(
      z.strictObject({
        model: modelId.describe('Grades the answer.'),
        maxUsdPerCall: z.number().positive().describe('Not asked when it may cost more.'),
      }),
    )
    .describe('A model that judges, with its budget.'),
})

const experiment = z.strictObject({
  name: z.string().min(1).describe('Shown in reports.'),
  salt: z.exactOptional(z.string()).describe('Another salt assigns sessions to arms anew; the name unless given.'),
  arms: z
    .array(
      z
        .strictObject({
          profile: z.exactOptional(z.string()).describe('Profile of this arm; or give `model`.'),
          model: z.exactOptional(modelId).describe('Model of this arm.'),
          share: share.describe('Share of the sessions.'),
        })
        .refine((arm) => (arm.profile === undefined) !== (arm.model === undefined), { error: 'expected a profile or a model' }),
    )
    .min(1)
    .refine((arms) => arms.reduce((sum, arm) => sum + arm.share, 0) <= 1 + 1e-9, { error: 'expected shares of 1 or less together' })
    .describe('What is compared; sessions outside the shares are the control.'),
  guard: z
    .exactOptional(
      z.strictObject({
        minCalls: z.number().int().positive().default(50).describe('Calls of an arm before it can be stopped.'),
        maxErrorRate: z.exactOptional(share).describe('Share of failed calls above which the arm stops.'),
        maxCostRatio: z.exactOptional(z.number().positive()).describe('Cost relative to everyone else above which the arm stops.'),
      }),
    )
    .describe('Stops the experiment when an arm fails or costs too much.'),
})

const timeouts = z.strictObject({
  total: z.exactOptional(wait).describe('For the whole call, with all attempts.'),
  connect: z.exactOptional(wait).describe('For connecting to a provider.'),
  firstByte: z.exactOptional(wait).describe('From sending the request to the first byte of the answer.'),
  idle: z.exactOptional(wait).describe('Between two pieces of an answer.'),
})

export const budgetAction = z.enum(['clamp', 'downgrade', 'block', 'warn'])

export const profile = z
  .strictObject({
    extends: z.exactOptional(z.string()).describe('A preset, a ready-made profile or another of yours.'),
    weights: z.exactOptional(weights).describe('Weights over cost, quality, latency and, if wanted, carbon.'),
    strategy: z.exactOptional(z.enum(['cheapest', 'balanced', 'best'])).describe('Instead of weights.'),
    minQuality: z.exactOptional(share).describe('For `cheapest`: the predicted quality required.'),
    floor: z.exactOptional(share).describe('Veto below this share of the best predicted quality; 0 turns it off.'),
    models: z.exactOptional(z.array(modelId).min(1)).describe('Part of the pool that this profile may use.'),
    baseline: z.exactOptional(modelId).describe('Model that savings are measured against.'),
    rules: z.exactOptional(z.array(rule)).describe('First match wins; the rules of all profiles come after these.'),
    fallbacks: z.exactOptional(z.number().int().nonnegative().max(9)).describe('Models tried after the first.'),
    pinned: z
      .exactOptional(z.enum(['strict', 'fallback']))
      .describe('Whether a call that names a model may fall back to another (`fallback`).'),
    cacheAware: z.exactOptional(z.boolean()).describe('Count what a cold prompt cache costs.'),
    expectedTurnsLeft: z.exactOptional(z.number().nonnegative()).describe('Turns a session is expected to have left.'),
    ladder: z.exactOptional(z.union([z.boolean(), ladder])).describe('Escalation when the session shows trouble.'),
    cascade: z
      .exactOptional(z.union([z.boolean(), cascade]))
      .describe('Tries a cheaper model first, judges its answer and replaces a bad one.'),
    exploration: z
      .exactOptional(
        z.strictObject({
          rate: share.describe('Share of the calls.'),
          margin: z.exactOptional(share).describe('How far below the best score a near-tie may be.'),
        }),
      )
      .describe('Sends some calls to a model that scored nearly the same, to learn about it; off unless given.'),
    experiment: z.exactOptional(experiment).describe('A/B between profiles or models, sticky by session.'),
    shadow: z
      .exactOptional(
        z.strictObject({
          model: modelId.describe('The second model.'),
          rate: share.default(1).describe('Share of the calls.'),
          maxUsdPerDay: z.number().positive().describe('Spending limit per day; a call is made only if the most it can cost still fits.'),
        }),
      )
      .describe('A second model that answers for comparison only.'),
    deadline: z.exactOptional(duration).describe('Calls may wait this long: batch and flex tiers.'),
    expired: z.exactOptional(z.enum(['live', 'report'])).describe("What happens to lines that a provider's batch did not finish."),
    budget: z.exactOptional(budget).describe("Spending limit of the profile: `'5/day'`."),
    budgetAction: z.exactOptional(budgetAction).describe('What happens when a budget runs out.'),
    timeouts: z.exactOptional(timeouts).describe('Limits on time.'),
    afterSend: z
      .exactOptional(z.enum(['failover', 'never']))
      .describe('Whether a call that may have been billed is sent to another model (`failover`).'),
    switchPrefix: z.exactOptional(z.boolean()).describe('`/max` at the start of a message switches the conversation to the best model.'),
  })
  .refine((p) => p.weights === undefined || p.strategy === undefined, {
    error: 'expected weights or strategy, found both',
    path: ['strategy'],
  })
  .refine((p) => p.minQuality === undefined || (p.weights === undefined && (p.strategy ?? 'cheapest') === 'cheapest'), {
    error: "expected only together with strategy 'cheapest'",
    path: ['minQuality'],
  })
