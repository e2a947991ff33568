import { totalInput } from '../canonical/index.js'
import { abilityForTask } from '../catalog/index.js'
import { emptyLearned, type LearnEvent, type Learned, learn, modelStates } from '../policy/index.js'
import type { OutlookPort } from '../route/index.js'
import type { HealthBoard } from '../upstream/index.js'

export interface Outlook extends OutlookPort {
  learn(event: LearnEvent): void
  readonly learned: () => Learned
}

/** What is expected of each model: the catalog's priors, moved by what was seen, with its health of now. */
export function learnedOutlook(health: HealthBoard): Outlook {
  let learned = emptyLearned()
  return {
    learned: () => learned,
    learn(event) {
      learned = learn(learned, event)
    },
    models(revs, signals, nowMs) {
      const withImages = signals.needs.includes('vision')
      return modelStates(
        learned,
        signals,
        revs.map((rev) => {
          const { breaker, quotaLeft } = health.read(rev.id, nowMs)
          return { rev, breaker, quotaLeft, ability: abilityForTask(rev, signals.task, withImages) }
        }),
      )
    },
    observe({ call, served }) {
      if (served?.outcome !== 'ok') return
      const rev = call.setup.byId.get(served.model)?.rev
      if (rev === undefined) return
      const { signals, input } = call
      const reported = served.usageSource === 'reported'
      const prompt = totalInput({
        input: served.inputTokens,
        cacheRead: served.cacheReadTokens,
        cacheWrite5m: served.cacheWrite5mTokens,
        cacheWrite1h: served.cacheWrite1hTokens,
        output: null,
        reasoning: null,
      })
      learned = learn(learned, {
        type: 'attempt',
        model: rev,
        task: signals.task,
        complexity: signals.complexity,
        estimatedTokens: signals.inputTokens,
        inputTokens: reported ? prompt : null,
        outputTokens: reported ? served.outputTokens : null,
        limit: input.limit,
        stream: input.stream,
        firstByteMs: served.firstByteMs,
        endMs: served.endMs,
      })
    },
  }
}
