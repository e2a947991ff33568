import type { Weights } from '../policy/index.js'
import type { Snapshot } from './snapshot.js'
import type { whatIf } from './what-if.js'

/** Weights as the what-if view turns them; they need not add up to one. */
export type WhatIfWeights = Omit<Weights, 'carbon'>

/** The last 24 hours decided again under other weights. */
export type WhatIf = NonNullable<ReturnType<typeof whatIf>>

/** Where the monitor's data come from; it only reads. */
export interface Feed {
  /** Synchronous and incremental: its cost depends on what is new, not on what is stored. */
  read(): Snapshot
  /** Why a call's model was chosen, ready to show, one entry a line. */
  explain(id: string, width: number): readonly string[]
  whatIf(weights: WhatIfWeights): Promise<WhatIf | null>
}
