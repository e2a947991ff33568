import type { Message, ToolCallPart } from '../canonical/index.js'
import { parseJson } from '../kit/index.js'
import { readCheck, reportsError } from './check.js'

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
  readonly verdict: ReturnType<typeof readCheck>
  readonly failed: boolean
}

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
    else if (part.type === 'tool-result') results.push({ verdict: readCheck(part), failed: reportsError(part) })
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
