import type { ModelRev } from '../catalog/index.js'
import { cacheable, type Warm } from '../policy/index.js'

/** Tokens of the model that its cache was expected to hold, sized as the prompt proved to be where `estimated` reference tokens had been expected. */
export function expectedWarm(rev: ModelRev, warm: readonly Warm[], estimated: number, prompt: number): number {
  for (const w of warm) if (w.model === rev.id) return cacheable(Math.round((w.tokens * prompt) / Math.max(1, estimated)), rev.cache)
  return 0
}
