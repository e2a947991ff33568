import type { Message, ToolCallPart, ToolResultPart } from '../canonical/index.js'
import { parseJson } from '../kit/index.js'

/** What a message reveals about its tools. */
interface ReadMessage {
  readonly calls: readonly ReadCall[]
  readonly results: readonly ReadResult[]
}

export interface ReadCall {
  readonly name: string
  /** The same for the same call made again. */
  readonly words: string
  /** File that it edits. */
  readonly edits: string | null
  readonly isObject: boolean
}

export interface ReadResult {
  /** Of a test run or build; null when the result shows neither. */
  readonly verdict: CheckVerdict
  /** The tool itself failed: flagged by the client, or an error line or a nonzero exit at the edges of its output. */
  readonly failed: boolean
}

export type CheckVerdict = 'passed' | 'failed' | null

/** Messages are never changed, and return with every later turn of their conversation. */
const read = new WeakMap<Message, ReadMessage>()
const NO_TOOLS: ReadMessage = { calls: [], results: [] }

export function readMessage(message: Message): ReadMessage {
  const known = read.get(message)
  if (known !== undefined) return known
  const calls: ReadCall[] = []
  const results: ReadResult[] = []
  for (const part of message.parts) {
    if (part.type === 'tool-call') calls.push(readCall(part))
    else if (part.type === 'tool-result') results.push(readResult(part))
  }
  if (calls.length === 0 && results.length === 0) return NO_TOOLS
  const found = { calls, results }
  read.set(message, found)
  return found
}

const EDITS = /edit|write|patch|replace|update_file|create_file/i
const PATH_KEY = /"(?:path|file_path|filePath|filename|file|target_file|absolute_path)"\s*:\s*"((?:[^"\\]|\\.)*)"/

function readCall({ name, args }: ToolCallPart): ReadCall {
  const edits = EDITS.test(name) ? (PATH_KEY.exec(args.slice(0, 4096))?.[1] ?? null) : null
  return { name, words: `${name}\u0000${args}`, edits, isObject: isJsonObject(args) }
}

function isJsonObject(text: string): boolean {
  const value = text === '' ? {} : parseJson(text)
  return value !== null && typeof value === 'object'
}

const FAILED =
  /\b[1-9]\d* (?:tests? )?(?:failed|failing|failures?)(?![-.\w])|\b(?:failures|errors)[:=] ?[1-9]|^(?:FAIL|FAILED|not ok)\b|\bBUILD FAILED\b|\bTests? failed\b|\berror TS\d+|\bnpm ERR!|Traceback \(most recent call last\)|\berror\[E\d+\]|\bpanicked at\b|\bSyntaxError\b|\bcompilation (?:error|failed)|\b[1-9]\d* errors?\b(?! in 0)/im
const PASSED =
  /\b[1-9]\d* (?:tests? )?(?:passed|passing)\b|\ball (?:\d+ )?tests? pass(?:ed)?\b|\bBUILD SUCCESS|\btest result: ok\b|^ok\s+\S+|\bFound 0 errors\b|\b0 errors\b|^OK \(\d+ tests?/im
/** Words without which neither pattern can match: looking for them costs a fraction of trying the patterns. */
const FAILED_WORD = /fail|error|npm err!|not ok|traceback|panicked/i
const PASSED_WORD = /pass|success|0 errors|ok/i
const ERROR = /^\s*(?:<tool_use_error>|error:|error -|exception|failed to |command failed|permission denied|no such file)/i
const EXIT = /exit(?:ed)?(?: with)?(?: code| status)?[:= ]+([1-9]\d*)/i

/** Verdicts are at the edges, and logs are long: characters read of either edge. */
const EDGE = 2000

function readResult(result: ToolResultPart): ReadResult {
  const text = edges(resultText(result))
  return {
    verdict: FAILED_WORD.test(text) && FAILED.test(text) ? 'failed' : PASSED_WORD.test(text) && PASSED.test(text) ? 'passed' : null,
    failed: result.isError === true || ERROR.test(text) || EXIT.test(text.slice(-200)) || EXIT.test(text.slice(0, 120)),
  }
}

/** The result's text; of a long part only its edges, unless it is the only one. */
function resultText({ parts }: ToolResultPart): string {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return texts.length === 1 ? texts[0]! : texts.map(edges).join('')
}

function edges(text: string): string {
  return text.length > 2 * EDGE ? `${text.slice(0, EDGE)}\n${text.slice(-EDGE)}` : text
}
