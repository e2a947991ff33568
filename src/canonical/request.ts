/** The neutral form of a request, whichever wire format it came in. */
import type { Need } from './accepts.js'

export const WIRE_FORMATS = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const
export type WireFormat = (typeof WIRE_FORMATS)[number]

/** Fields of the source format that have no neutral name; written back only to the same format. */
export type Extra = Readonly<Record<string, unknown>>

export interface Request {
  /** The format it was read from; extras belong to that format. */
  readonly format: WireFormat
  /** The model name as the client wrote it. */
  readonly model: string
  /** In order; system and developer messages may stand anywhere, also in mid-conversation. */
  readonly messages: readonly Message[]
  readonly tools: readonly Tool[]
  readonly toolChoice?: ToolChoice
  readonly parallelToolCalls?: boolean
  readonly output?: OutputFormat
  readonly sampling: Sampling
  readonly reasoning?: Reasoning
  /** The client's own limit on generated tokens; absent when it set none. */
  readonly maxOutputTokens?: number
  readonly stream: boolean
  /** openai-chat only: the client asked for a usage chunk. */
  readonly streamUsage?: boolean
  /** Keys a client sends that name its conversation or its cache partition. */
  readonly cacheKey?: string
  readonly userId?: string
  readonly serviceTier?: string
  /** What its own format's fields ask of a model: a conversation, a prompt or a cache that one vendor keeps. */
  readonly needs?: readonly Need[]
  readonly extra?: Extra
}

export type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool'

export interface Message {
  readonly role: Role
  readonly parts: readonly Part[]
  readonly name?: string
  readonly extra?: Extra
}

/** A prompt-cache breakpoint after the part that carries it. */
export interface CacheMark {
  readonly ttl: '5m' | '1h'
}

interface PartBase {
  readonly cache?: CacheMark
  readonly extra?: Extra
}

export type MediaSource =
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'url'; readonly url: string; readonly mediaType?: string }
  | { readonly kind: 'file-id'; readonly id: string }

export type Part =
  | (PartBase & { readonly type: 'text'; readonly text: string })
  | (PartBase & { readonly type: 'image'; readonly source: MediaSource; readonly detail?: string })
  | (PartBase & { readonly type: 'file'; readonly source: MediaSource; readonly filename?: string })
  | (PartBase & { readonly type: 'audio'; readonly source: MediaSource })
  | (PartBase & ToolCallPart)
  | (PartBase & ToolResultPart)
  | (PartBase & ReasoningPart)
  | (PartBase & { readonly type: 'refusal'; readonly text: string })
  /** Something only its original format understands (hosted tool calls, compaction items): relayed, never translated. */
  | (PartBase & { readonly type: 'opaque'; readonly format: WireFormat; readonly kind: string; readonly value: unknown })

/** The part, or parts, of this type. */
export type PartOf<T extends Part['type']> = Extract<Part, { readonly type: T }>

export interface ToolCallPart {
  readonly type: 'tool-call'
  readonly id: string
  readonly name: string
  /** Arguments as JSON text, byte for byte as the model wrote them. */
  readonly args: string
  /** Gemini's thoughtSignature rides on the call. */
  readonly signature?: string
}

export interface ToolResultPart {
  readonly type: 'tool-result'
  /** Empty when the format matches by name and order (Gemini). */
  readonly callId: string
  readonly name?: string
  readonly parts: readonly Part[]
  readonly isError?: boolean
}

export interface ReasoningPart {
  readonly type: 'reasoning'
  readonly text: string
  /** Anthropic `signature`, Responses `encrypted_content`, Gemini `thoughtSignature`: only the model that made it can read it. */
  readonly signature?: string
  /** Anthropic redacted_thinking: `signature` is the opaque data and there is no text. */
  readonly redacted?: boolean
  readonly id?: string
}

export type Tool = FunctionTool | VendorTool

interface ToolBase {
  readonly name: string
  readonly cache?: CacheMark
  readonly extra?: Extra
}

export interface FunctionTool extends ToolBase {
  readonly type: 'function'
  readonly description?: string
  /** JSON schema of the arguments, as sent. */
  readonly schema?: unknown
  readonly strict?: boolean
}

/** A tool that runs at the provider (web search, code interpreter), or takes free text (grammar): only some targets have it. */
export interface VendorTool extends ToolBase {
  readonly type: 'hosted' | 'grammar'
  readonly format: WireFormat
  readonly value: unknown
  /** A grammar binds the text that a free-form tool takes. */
  readonly grammar?: true
  /** A search of the web, which other vendors host too. */
  readonly search?: WebSearch
}

/** How a hosted search may go about it. */
export interface WebSearch {
  readonly allowedDomains?: readonly string[]
  readonly blockedDomains?: readonly string[]
  readonly maxUses?: number
  /** Where the user is, roughly: `{type: "approximate", city, region, country, timezone}` at OpenAI and Anthropic alike. */
  readonly location?: Readonly<Record<string, unknown>>
}

export type ToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { readonly name: string }
  | { readonly allowed: readonly string[]; readonly mode: 'auto' | 'required' }

export type OutputFormat =
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema'
      readonly schema: unknown
      readonly name?: string
      readonly description?: string
      readonly strict?: boolean
    }

export interface Sampling {
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly frequencyPenalty?: number
  readonly presencePenalty?: number
  readonly seed?: number
  readonly stop?: readonly string[]
  readonly logprobs?: boolean
  readonly topLogprobs?: number
  readonly logitBias?: Readonly<Record<string, number>>
  /** Number of choices; absent means 1. */
  readonly n?: number
}

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'

export interface Reasoning {
  readonly mode?: 'off' | 'adaptive' | 'enabled'
  readonly effort?: Effort
  readonly budgetTokens?: number
  /** The client wants to see the reasoning, or a summary of it. */
  readonly summary?: string
}
