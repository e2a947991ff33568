import type { Need } from '../canonical/index.js'

export const TASKS = [
  'chat',
  'question',
  'classification',
  'extraction',
  'transformation',
  'summarization',
  'translation',
  'code',
  'debugging',
  'math',
  'reasoning',
  'writing',
  'analysis',
  'planning',
  'agent-step',
] as const
export type Task = (typeof TASKS)[number]

export const COMPLEXITIES = ['simple', 'medium', 'complex'] as const
export type Complexity = (typeof COMPLEXITIES)[number]

/** Calls a client makes for itself rather than for the person. */
export type SideKind = 'title' | 'summary' | 'commit-message' | 'quota-probe' | 'compaction'

/** Evidence from the session's recent turns; the policy's escalation reads the same counters. */
export interface Trajectory {
  /** User turns so far (messages the user wrote, not tool results). */
  readonly userTurns: number
  /** Assistant steps since the last message a person wrote: length of the open agent loop. */
  readonly loopLength: number
  /** True when the last message holds tool results. */
  readonly inToolLoop: boolean
  /** Tool results that report an error, since the last user message. */
  readonly toolErrors: number
  /** Failing tests or builds in tool results, since the last user message, and in the last result. */
  readonly failedChecks: number
  readonly lastCheckFailed: boolean
  /** A failing check seen earlier in this loop now passes. */
  readonly checkRecovered: boolean
  /** Largest count of identical tool calls (name and arguments). */
  readonly repeatedCalls: number
  /** Most edits of one file. */
  readonly sameFileEdits: number
  /** The user's last message corrects or repeats an earlier one. */
  readonly userCorrection: boolean
  readonly userRepeat: boolean
  /** Malformed tool-call arguments in assistant turns of this loop. */
  readonly malformedCalls: number
  /** The previous assistant turn was empty or a refusal. */
  readonly emptyAnswer: boolean
  readonly refusal: boolean
}

/**
 * Ability of "a cheap model" on the catalog's scale (logits; src/catalog/ability.ts says what fixes it): the models whose failures the
 * difficulty head was fitted on, 7B to 70B models of 2023 and 2024, lie near it. `difficulty.p` is the failure probability of a model of
 * this ability.
 */
export const CHEAP_ABILITY = 0.15

/** What the router sees in a request. Everything here is stored on the call and is enough to repeat the decision. */
export interface Signals {
  readonly task: Task
  readonly complexity: Complexity
  /**
   * `p`: probability that a cheap model fails. `logit`: the same on the ability scale, so that
   * P(model answers well) = sigmoid(ability - logit). `sd`: its standard error, logits.
   */
  readonly difficulty: { readonly p: number; readonly logit: number; readonly sd: number }
  /** 0..1, how much a strong model would help. */
  readonly gain: number
  /** 0..1; low when the request is unlike the training data and the shape prior decides. */
  readonly confidence: number
  readonly needs: readonly Need[]
  /** ISO 639-1 code, `und` when it cannot be recognised. */
  readonly language: string
  /** `embedding`: a call that asks for vectors, which has no place in a conversation either. */
  readonly sideKind: SideKind | 'embedding' | null
  readonly tools: { readonly count: number; readonly nameDigest: string; readonly names: readonly string[] }
  readonly trajectory: Trajectory
  /** Estimated prompt tokens in the reference tokenizer (o200k). */
  readonly inputTokens: number
  /** The constant part (system prompt and tools): digest and estimated tokens. */
  readonly envelope: { readonly digest: string; readonly tokens: number }
  /** Results of the configured prompt-regex rules, by pattern. */
  readonly regex: Readonly<Record<string, boolean>>
  /** Answers of a remote classifier or of example neighbours, when one was asked. */
  readonly remote: Readonly<Record<string, unknown>> | null
}
