import type { ModelRev } from '../../catalog/index.js'
import { anthropicBatches } from './anthropic.js'
import type { BatchApi } from './batch-api.js'
import { geminiBatches } from './gemini.js'
import { openaiBatches } from './openai.js'

/** Their batch APIs differ and are not supported: their lines are sent one by one. */
const OTHER_SHAPE = new Set(['mistral', 'together'])

/** How the provider of a model takes batches; null when it does not, or not in a way known here. */
export function batchApiOf({ provider, wire, kind }: ModelRev): BatchApi | null {
  if (kind !== 'chat' || OTHER_SHAPE.has(provider)) return null
  switch (wire) {
    case 'openai-chat':
    case 'openai-responses':
      return openaiBatches
    case 'anthropic-messages':
      return anthropicBatches
    case 'gemini':
      return geminiBatches
  }
}
