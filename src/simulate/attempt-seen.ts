import { type Need, totalInput } from '../canonical/index.js'
import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import type { AttemptRow } from '../ledger/index.js'
import { type AttemptSeen, writtenTask } from '../policy/index.js'
import { usageOf } from './usage-of.js'

/** Token counts of these are rough guesses: a provider's count for a prompt with them says nothing about how it counts text. */
const MEDIA: readonly Need[] = ['vision', 'file-input', 'audio-input']

/** A served attempt as something to learn from; estimated tokens teach nothing. */
export function attemptSeen(
  model: ModelRev,
  served: AttemptRow,
  signals: Signals,
  call: { readonly limit: number | null; readonly stream: boolean },
): AttemptSeen {
  const reported = served.usageSource === 'reported'
  return {
    type: 'attempt',
    model,
    task: writtenTask(signals),
    complexity: signals.complexity,
    estimatedTokens: signals.inputTokens,
    inputTokens: reported && !signals.needs.some((need) => MEDIA.includes(need)) ? totalInput(usageOf(served)) : null,
    outputTokens: reported ? served.outputTokens : null,
    limit: call.limit,
    stream: call.stream,
    // The speed of a service tier says nothing about its provider's standard service.
    firstByteMs: model.tier === undefined ? served.firstByteMs : null,
    endMs: model.tier === undefined ? served.endMs : null,
  }
}
