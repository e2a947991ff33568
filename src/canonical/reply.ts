import type { StopReason } from './event.js'
import type { Extra, Part } from './request.js'
import type { Usage } from './usage.js'

/** A complete answer; `choices` has one entry unless the client asked for more. */
export interface Reply {
  readonly id?: string
  readonly model?: string
  /** Seconds since the epoch, where the format says. */
  readonly created?: number
  readonly choices: readonly Choice[]
  readonly usage: Usage
  readonly extra?: Extra
}

export interface Choice {
  readonly parts: readonly Part[]
  readonly finish: StopReason
  readonly rawFinish?: string
  readonly stopSequence?: string
  readonly logprobs?: readonly unknown[]
}
