import type { Accepts } from '../../src/canonical/index.js'
import { NEEDS } from '../../src/canonical/index.js'
import type { ReplyContext, Target } from '../../src/wire/index.js'

/** A model that takes everything and made the conversation's reasoning itself. */
export function targetOf(name: string, accepts: Partial<Accepts> = {}, rest: Partial<Omit<Target, 'accepts'>> = {}): Target {
  return {
    name,
    accepts: {
      needs: NEEDS,
      refuses: [],
      maxTokensField: 'max_completion_tokens',
      developerRole: true,
      efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
      thinking: 'effort',
      maxOutput: null,
      ...accepts,
    },
    keepsReasoning: true,
    clampOutput: null,
    ...rest,
  }
}

export const CONTEXT: ReplyContext = { id: 'reply-1', model: 'shown-model', created: 1_700_000_000, streamUsage: true }
