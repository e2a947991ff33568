import { type Need, totalInput, type Usage } from '../canonical/index.js'
import type { ModelRev } from '../catalog/index.js'
import type { Signals } from '../classify/index.js'
import type { AttemptRow, ReplaySettled } from '../ledger/index.js'
import { type AttemptSeen, cacheable, type DecideInput, type ModelState, type Warm, writtenTask } from '../policy/index.js'

/** The attempt whose answer the client saw: the last of the model that answered, or of all when none did. */
export function lastServed(settled: ReplaySettled): AttemptRow | undefined {
  for (let i = settled.attempts.length - 1; i >= 0; i--) {
    const attempt = settled.attempts[i]
    if (attempt?.purpose !== 'serve' && attempt?.purpose !== 'batch') continue
    if (settled.model === null || attempt.model === settled.model) return attempt
  }
  return undefined
}

export function stateOf(input: DecideInput, model: string): ModelState | undefined {
  for (const state of input.models) if (state.rev.id === model) return state
  return undefined
}

/** An attempt's usage, in kinds that can be priced. */
export function usageOf(a: AttemptRow): Usage {
  return {
    input: a.inputTokens,
    cacheRead: a.cacheReadTokens,
    cacheWrite5m: a.cacheWrite5mTokens,
    cacheWrite1h: a.cacheWrite1hTokens,
    output: a.outputTokens,
    reasoning: a.reasoningTokens,
  }
}

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

/** Tokens of the model that its cache was expected to hold, sized as the prompt proved to be where `estimated` reference tokens had been expected. */
export function expectedWarm(rev: ModelRev, warm: readonly Warm[], estimated: number, prompt: number): number {
  for (const w of warm) if (w.model === rev.id) return cacheable(Math.round((w.tokens * prompt) / Math.max(1, estimated)), rev.cache)
  return 0
}
