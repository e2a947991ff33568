import type { Fault } from '../kit/fault.js'
import type { WireFormat } from './request.js'
import type { Usage } from './usage.js'

/** Why generation ended; `raw` keeps the provider's own word. */
export type StopReason = 'stop' | 'length' | 'tool-calls' | 'refusal' | 'content-filter' | 'stop-sequence' | 'pause' | 'error' | 'other'

/** Kinds of block an answer consists of. */
export type BlockStart =
  | { readonly kind: 'text' }
  | { readonly kind: 'refusal' }
  | { readonly kind: 'reasoning'; readonly id?: string }
  /** Gemini signs calls. Other formats say so before the call or in its first piece, so the signature stands here. */
  | { readonly kind: 'tool-call'; readonly id: string; readonly name: string; readonly signature?: string }
  /** Understood by its own format only. */
  | { readonly kind: 'opaque'; readonly format?: WireFormat; readonly value: unknown }

/**
 * An answer as a sequence of events. Blocks are numbered in order of their start, across choices; every started block is
 * ended before `end`; blocks may overlap (parallel tool calls).
 */
export type Event =
  | { readonly type: 'start'; readonly id?: string; readonly model?: string; readonly created?: number }
  | { readonly type: 'block-start'; readonly index: number; readonly choice: number; readonly block: BlockStart }
  | { readonly type: 'delta'; readonly index: number; readonly text: string }
  /** The complete signature of reasoning. */
  | { readonly type: 'signature'; readonly index: number; readonly signature: string; readonly redacted?: boolean }
  | { readonly type: 'logprobs'; readonly choice: number; readonly content: readonly unknown[] }
  | { readonly type: 'block-end'; readonly index: number }
  | { readonly type: 'finish'; readonly choice: number; readonly reason: StopReason; readonly raw?: string; readonly stopSequence?: string }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'error'; readonly fault: Fault }
  | { readonly type: 'end' }

export type EventOf<T extends Event['type']> = Extract<Event, { readonly type: T }>
