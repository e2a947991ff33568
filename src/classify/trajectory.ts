import type { Message, Request, ToolCallPart, ToolResultPart } from '../canonical/index.js'
import { type CheckVerdict, readCheck, reportsError } from './check.js'
import { endsInToolResults } from './needs.js'
import { personText, type Turn } from './turn.js'
import type { Trajectory } from './types.js'

const CORRECTION =
  /^(no[,. !]|nope|wrong|that'?s (not|wrong)|this is (not|wrong)|still (not|fail|broken|doesn|the same|wrong)|it (still|doesn'?t|does not|didn'?t)|doesn'?t work|not what i|i (said|meant|told|asked)|you (forgot|missed|broke|didn'?t|ignored)|try again|again[,.!]|undo|revert|actually[, ]|不对|错了|还是|不是|違う|違います|まだ|いや|no funciona|eso no|sigue|falsch|das ist nicht|geht (immer )?(noch )?nicht|immer noch|non[, ]|ce n'est pas|toujours pas|não|errado|ainda não|нет[, ]|неправильно|не работает|всё ещё|все еще)/i
const REFUSAL =
  /^(i'?m sorry,? but|i am sorry,? but|sorry,? (but )?i (can'?t|cannot|am unable)|i (can'?t|cannot|am unable to|'?m unable to|won'?t) (help|assist|do that|provide|comply|fulfil)|as an ai( language model)?,? i (can'?t|cannot))/i
const EDITS = /edit|write|patch|replace|update_file|create_file/i
const PATH_KEY = /"(?:path|file_path|filePath|filename|file|target_file|absolute_path)"\s*:\s*"((?:[^"\\]|\\.)*)"/

/**
 * What the session's recent turns show. The one place that reads a session's course: both complexity and the policy's
 * escalation use these counters.
 */
export function readTrajectory(request: Request, turn: Turn): Trajectory {
  const { messages } = request
  const loop = messages.slice(turn.index + 1)
  const calls = collect(loop, 'tool-call')
  const results = collect(loop, 'tool-result')
  // Text beside tool results belongs to the same message as the results.
  const own =
    turn.index < 0 ? [] : (messages[turn.index] as Message).parts.filter((p): p is ToolResultPart & typeof p => p.type === 'tool-result')
  const checks = readChecks([...own, ...results])
  const earlier = earlierTexts(request, turn)
  const answer = previousAnswer(messages, turn.index)
  const functions = new Set(request.tools.filter((t) => t.type === 'function').map((t) => t.name))
  return {
    userTurns: earlier.length + (turn.index < 0 ? 0 : 1),
    loopLength: loop.reduce((sum, m) => sum + (m.role === 'assistant' ? 1 : 0), 0),
    inToolLoop: endsInToolResults(messages),
    toolErrors: [...own, ...results].reduce((sum, r) => sum + (reportsError(r) ? 1 : 0), 0),
    ...checks,
    repeatedCalls: mostFrequent(calls.map((c) => readCall(c).words)),
    sameFileEdits: mostFrequent(calls.flatMap((c) => readCall(c).edits ?? [])),
    userCorrection: earlier.length > 0 && CORRECTION.test(turn.text),
    userRepeat: earlier.some((text) => sameQuestion(text, turn.text)),
    malformedCalls: calls.reduce((sum, c) => sum + (functions.has(c.name) && !readCall(c).isObject ? 1 : 0), 0),
    emptyAnswer: answer?.parts.every((p) => p.type === 'reasoning' || (p.type === 'text' && p.text.trim() === '')) ?? false,
    refusal: answer?.parts.some((p) => p.type === 'refusal' || (p.type === 'text' && REFUSAL.test(p.text.slice(0, 200)))) ?? false,
  }
}

function readChecks(results: readonly ToolResultPart[]): Pick<Trajectory, 'failedChecks' | 'lastCheckFailed' | 'checkRecovered'> {
  const verdicts = results.map(readCheck).filter((v): v is Exclude<CheckVerdict, null> => v !== null)
  const firstFailure = verdicts.indexOf('failed')
  return {
    failedChecks: verdicts.filter((v) => v === 'failed').length,
    lastCheckFailed: verdicts.at(-1) === 'failed',
    checkRecovered: firstFailure >= 0 && verdicts.at(-1) === 'passed',
  }
}

function collect(messages: readonly Message[], type: 'tool-call'): ToolCallPart[]
function collect(messages: readonly Message[], type: 'tool-result'): ToolResultPart[]
function collect(messages: readonly Message[], type: 'tool-call' | 'tool-result'): (ToolCallPart | ToolResultPart)[] {
  const found: (ToolCallPart | ToolResultPart)[] = []
  for (const message of messages)
    for (const part of message.parts) if (part.type === type) found.push(part as ToolCallPart | ToolResultPart)
  return found
}

/** What the person typed before this turn, each followed by an answer. */
function earlierTexts(request: Request, turn: Turn): readonly string[] {
  const texts: string[] = []
  let pending = ''
  for (let i = 0; i < turn.index; i++) {
    const message = request.messages[i] as Message
    if (message.role === 'assistant' && pending !== '') {
      texts.push(pending)
      pending = ''
    } else pending = personText(message, request.tools.length > 0) || pending
  }
  return texts
}

function previousAnswer(messages: readonly Message[], before: number): Message | null {
  for (let i = before - 1; i >= 0; i--) if (messages[i]?.role === 'assistant') return messages[i] as Message
  return null
}

/** The same words but for one in five, of three words or more: "continue" said twice is no repeat. */
function sameQuestion(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 0.25 * Math.max(a.length, b.length)) return false
  const left = words(a)
  const right = words(b)
  if (left.size < 3 || right.size < 3) return false
  let common = 0
  for (const word of left) if (right.has(word)) common++
  return common / (left.size + right.size - common) >= 0.8
}

function words(text: string): ReadonlySet<string> {
  return new Set(
    text
      .slice(0, 2000)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [],
  )
}

function mostFrequent(keys: readonly string[]): number {
  const counts = new Map<string, number>()
  let most = 0
  for (const key of keys) {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > most) most = count
  }
  return most
}

/** What a tool call shows. */
interface ReadCall {
  /** The same for the same call made again. */
  readonly words: string
  /** File that it edits. */
  readonly edits: string | null
  readonly isObject: boolean
}

/** The same calls come again with every turn of their loop. */
const read = new WeakMap<ToolCallPart, ReadCall>()

function readCall(call: ToolCallPart): ReadCall {
  const known = read.get(call)
  if (known !== undefined) return known
  const { name, args } = call
  const edits = EDITS.test(name) ? (PATH_KEY.exec(args.slice(0, 4096))?.[1] ?? null) : null
  const found = { words: `${name}\u0000${args}`, edits, isObject: isJsonObject(args) }
  read.set(call, found)
  return found
}

function isJsonObject(text: string): boolean {
  if (text === '') return true
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object'
  } catch {
    return false
  }
}
