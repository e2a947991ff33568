import type { z } from 'zod'
import type { VerifyOutcome as Outcome, VerifyTask as Task } from '../control/index.js'

/**
 * One logged call to be asked again: of `model`, with `judge` comparing (null: nobody). It must still have `entries` messages (0: not known).
 * `inputTokens`: the prompt in the reference tokenizer by the provider's own count. The answer is cut at `maxOutput` tokens, so that what it may
 * cost is known before; `scope` is the budget that all questions of one check share, `cap` its limit in nano-USD.
 */
export type VerifyTask = z.infer<typeof Task>

/** `capped` and `budget`: it was not sent, since it could have passed the cap, or a budget of the configuration. */
export type VerifyOutcome = z.infer<typeof Outcome>
