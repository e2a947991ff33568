import { abilityForTask, withoutTier } from '../catalog/index.js'
import { emptyLearned, type LearnEvent, type Learned, learn, modelStates, type PoolEntry } from '../policy/index.js'
import type { OutlookPort } from '../route/index.js'
import { attemptSeen } from '../simulate/served.js'
import type { HealthBoard } from '../upstream/index.js'

export interface Outlook extends OutlookPort {
  learn(event: LearnEvent): void
  readonly learned: () => Learned
}

/** Expectations of each model: the catalog's priors, adjusted by observations, with its present health. */
export function learnedOutlook(health: HealthBoard): Outlook {
  let learned = emptyLearned()
  const learnMore = (event: LearnEvent): void => {
    learned = learn(learned, event)
  }
  return {
    learned: () => learned,
    learn: learnMore,
    models(revs, signals, nowMs) {
      const withImages = signals.needs.includes('vision')
      const pool: PoolEntry[] = []
      for (const rev of revs) {
        const { breaker, quotaLeft } = health.read(rev.id, nowMs)
        pool.push({ rev, breaker, quotaLeft, ability: abilityForTask(rev, signals.task, withImages) })
      }
      return modelStates(learned, signals, pool)
    },
    judged({ signals }, model, kind, value) {
      const { task, complexity, difficulty } = signals
      learnMore({ type: 'outcome', model: withoutTier(model), task, complexity, difficulty: difficulty.p, kind, value })
    },
    observe({ call, served }) {
      const rev = served?.outcome === 'ok' ? call.setup.byId.get(served.model)?.rev : undefined
      if (served === null || rev === undefined) return
      learnMore(attemptSeen(rev, served, call.signals, call.input))
    },
  }
}
