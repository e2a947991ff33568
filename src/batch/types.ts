import type { WireFormat } from '../canonical/index.js'
import type { Action, LocalKey } from '../route/index.js'

/** How a line was written, and so how its result is: the batch files of three vendors, a plain prompt, or a bare request body. */
type LineShape = 'openai' | 'anthropic' | 'gemini' | 'plain' | 'body'

/** What is stored of a line besides its request. */
export interface LineSpec {
  /** The name its author gave it, or its place in the file. */
  readonly id: string
  readonly shape: LineShape
  readonly format: WireFormat
  readonly action: Extract<Action, 'generate' | 'embeddings' | 'completions'>
  readonly urlModel?: string
}

/** A line as read from a file. */
export interface ReadLine extends LineSpec {
  readonly body: Readonly<Record<string, unknown>>
}

/** What holds for all lines of a job. */
export interface JobTerms {
  /** Who took it in: decides how it is shown over HTTP. */
  readonly surface: 'cli' | 'openai' | 'anthropic'
  readonly profile: string | null
  readonly key: LocalKey | null
  readonly tags: readonly string[]
  readonly client: string
  /** What happens to lines that a provider's batch did not finish; null leaves it to the configuration. */
  readonly expired: 'live' | 'report' | null
  readonly inputFile?: string
  readonly endpoint?: string
  readonly window?: string
  readonly metadata?: Readonly<Record<string, string>> | null
}

export interface BatchSettings {
  /** First pause between two polls of a provider's batch, and the longest it grows to, milliseconds. */
  readonly pollMs: number
  readonly maxPollMs: number
  /** Lines asked at once outside batches. */
  readonly live: number
  /** Most lines of one batch at a provider. */
  readonly groupLines: number
  /** How long ended jobs and files are kept. */
  readonly keepMs: number
  /** A profile's setting for lines that a batch did not finish. */
  readonly expired: (profile: string) => 'live' | 'report'
}
