import type { Message, Request, Usage, WireFormat } from '../canonical/index.js'
import type { Nano } from '../kit/index.js'

export const HISTORY_SOURCES = ['claude-code', 'codex', 'gemini-cli', 'qwen', 'pi', 'litellm', 'openrouter', 'jsonl'] as const
export type HistorySource = (typeof HISTORY_SOURCES)[number]

/** A call that another tool made and logged. Times are milliseconds since the epoch. */
export interface HistoryCall {
  /** The same for the same logged call, however often and from whatever copy of the log it is read. */
  readonly id: string
  readonly source: HistorySource
  /** What sent it: `claude-code`, `codex`, or the application a spend log names. */
  readonly client: string
  /** Where it was read. */
  readonly file: string
  readonly line: number
  readonly session: string | null
  /** Side-chain or sub-agent within the session; null for the main conversation. */
  readonly sideChain: string | null
  /** Number of this call in its conversation, from 1. */
  readonly turn: number
  /** When the request was sent: the time of the last input to the model. */
  readonly atMs: number
  readonly endMs: number | null
  readonly ttftMs: number | null
  /** As the log names it. */
  readonly model: string
  readonly provider: string | null
  readonly format: WireFormat
  readonly usage: Usage
  /** Cost according to the other tool. */
  readonly costNano: Nano | null
  readonly status: 'ok' | 'error' | 'cancelled'
  readonly error: string | null
  /** The request, as far as the log has it; null when the log has only figures. Of tools at most the names are known. */
  readonly request: Request | null
  readonly reply: readonly Message[]
}

/** A line that could not be read; the reader goes on with the next. */
export interface Damage {
  readonly file: string
  readonly line: number
  readonly why: string
}

/** Turns the lines of one file into calls. It does no I/O, so that a replay over made-up logs is as easy as over real ones. */
export interface LogReader {
  /** `bytes` are valid during the call: a reader that keeps them copies them. */
  line(bytes: Buffer, n: number): void
  end(): void
}

export interface ReaderContext {
  readonly file: string
  readonly emit: (call: HistoryCall) => void
  readonly damaged: (line: number, why: string) => void
  /** Names of everything counted in this reading: resumed sessions repeat earlier ones in a new file. */
  readonly seen: Seen
}

export interface Seen {
  has(key: string): boolean
  add(key: string): void
}

export type OpenReader = (context: ReaderContext) => LogReader
