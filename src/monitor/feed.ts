import type { Snapshot } from './snapshot.js'

/** Weights as the what-if view turns them; they need not add up to one. */
export interface WhatIfWeights {
  readonly cost: number
  readonly quality: number
  readonly latency: number
}

/** The last 24 hours decided again under other weights. */
export interface WhatIf {
  readonly calls: number
  readonly changed: number
  readonly actualUsd: number
  readonly simulatedUsd: number
  readonly lowUsd: number
  readonly highUsd: number
  readonly qualityActual: number | null
  readonly qualitySimulated: number | null
  readonly evidence: string
}

/** Where the monitor's data come from; it only reads. */
export interface Feed {
  /** Synchronous and incremental: its cost depends on what is new, not on what is stored. */
  read(): Snapshot
  /** Why a call's model was chosen, ready to show, one entry a line. */
  explain(id: string, width: number): readonly string[]
  whatIf(weights: WhatIfWeights): Promise<WhatIf | null>
}
