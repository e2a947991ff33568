import type { Message, Request, Tool } from '../canonical/index.js'
import { endsInToolResults } from './needs.js'
import { type CheckVerdict, type ReadCall, type ReadResult, readMessage } from './read-message.js'
import { personText, type Turn } from './turn.js'
import type { Trajectory } from './types.js'

/** Openings by which a person says that the answer was not right, in eight languages; "no, thanks" and "actually, that works" are none. */
const CORRECTION = new RegExp(
  `^(?!(?:no(?:pe)?|nein|non|não|нет)[,.!]* ?(?:thanks|thank you|danke|merci|gracias|obrigad|спасибо|problem|worries|all good|that'?s (?:all(?! wrong)|it|fine|ok|okay|good|great)\\b|it'?s (?:fine|ok|okay|good|great|perfect)\\b|i'?m (?:good|fine)))(?:${[
    'no(?:pe)?(?:[,.!]|$| (?=that|it|this|you|i |the |don|not |still|wait|stop|use ))',
    "wrong|incorrect|that'?s (?:not|wrong|incorrect)|(?:that|this) is (?:not|wrong|incorrect)|still (?:not|fail|broken|doesn|the same|wrong)|(?:it|this|that) (?:still|(?:doesn'?t|does not)(?! (?:matter|need|have to))|didn'?t|did not)",
    "doesn'?t work|not (?:what i|working|right|correct)|i (?:said|meant|told|asked)|you (?:forgot|missed|broke|didn'?t|ignored)|try again|again[,.!]|undo|revert|actually[, ](?! ?(?:(?:that|this|it) (?:work(?:s|ed)|looks (?:good|great|fine|right))(?: (?:now|fine|great|well))?(?:[.!,]|$)|(?:that|it)'?s (?:fine|ok|okay|good|great|perfect|right|correct)(?:[.!,]|$)|thanks|thank you|never ?mind))",
    '不对|错了|还是(?:不|没|有|报|错|一样)|不是|違う|違います|まだ|いや',
    'no funciona|eso no|sigue (?:sin|fall|igual|dando|roto)',
    'nein(?:[,.! ]|$)|falsch|(?:das|es) (?:ist (?:nicht|falsch)|stimmt (?:so )?nicht)|stimmt nicht|geht (?:immer )?(?:noch )?nicht|immer noch',
    "non[, ]|ce n'est pas|toujours pas|não|errado|ainda não|нет[, ]|неправильно|не работает|всё ещё|все еще",
  ]
    .join('|')
    .replaceAll("'", "['’]")})`,
  'i',
)
const REFUSAL =
  /^(i'?m sorry,? but|i am sorry,? but|sorry,? (but )?i (can'?t|cannot|am unable)|i (can'?t|cannot|am unable to|'?m unable to|won'?t) (help|assist|do that|provide|comply|fulfil)|as an ai( language model)?,? i (can'?t|cannot))/i

/**
 * Evidence from the session's recent turns. The one place that reads a session's course: both complexity and the policy's escalation use
 * these counters.
 */
export function readTrajectory(request: Request, turn: Turn): Trajectory {
  const { messages } = request
  const calls: ReadCall[] = []
  // Text beside tool results belongs to the same message as the results.
  const results: ReadResult[] = turn.index < 0 ? [] : [...readMessage(messages[turn.index]!).results]
  let loopLength = 0
  for (let i = turn.index + 1; i < messages.length; i++) {
    const message = messages[i]!
    const read = readMessage(message)
    if (message.role === 'assistant') loopLength++
    for (const call of read.calls) calls.push(call)
    for (const result of read.results) results.push(result)
  }
  const earlier = earlierTexts(request, turn)
  const answer = previousAnswer(messages, turn.index)
  const { failedChecks, lastCheckFailed, checkRecovered } = readChecks(results)
  return {
    userTurns: earlier.length + (turn.index < 0 ? 0 : 1),
    loopLength,
    inToolLoop: endsInToolResults(messages),
    toolErrors: results.reduce((sum, { failed }) => sum + (failed ? 1 : 0), 0),
    failedChecks,
    lastCheckFailed,
    checkRecovered,
    repeatedCalls: mostFrequent(calls, ({ words }) => words),
    sameFileEdits: mostFrequent(calls, ({ edits }) => edits),
    userCorrection: earlier.length > 0 && CORRECTION.test(turn.text),
    userRepeat: earlier.some((text) => sameQuestion(text, turn.text)),
    malformedCalls: calls.reduce((sum, { isObject, name }) => sum + (!isObject && isFunction(request.tools, name) ? 1 : 0), 0),
    emptyAnswer: answer?.parts.every((p) => p.type === 'reasoning' || (p.type === 'text' && p.text.trim() === '')) ?? false,
    refusal: answer?.parts.some((p) => p.type === 'refusal' || (p.type === 'text' && REFUSAL.test(p.text.slice(0, 200)))) ?? false,
  }
}

function isFunction(tools: readonly Tool[], name: string): boolean {
  return tools.some((tool) => tool.type === 'function' && tool.name === name)
}

function readChecks(results: readonly ReadResult[]): Pick<Trajectory, 'failedChecks' | 'lastCheckFailed' | 'checkRecovered'> {
  let failedChecks = 0
  let last: CheckVerdict = null
  for (const { verdict } of results) {
    if (verdict === 'failed') failedChecks++
    last = verdict ?? last
  }
  return { failedChecks, lastCheckFailed: last === 'failed', checkRecovered: failedChecks > 0 && last === 'passed' }
}

/** The user's messages before this turn, each followed by an answer. */
function earlierTexts(request: Request, turn: Turn): readonly string[] {
  const texts: string[] = []
  let pending = ''
  for (let i = 0; i < turn.index; i++) {
    const message = request.messages[i]!
    if (message.role === 'assistant' && pending !== '') {
      texts.push(pending)
      pending = ''
    } else pending = personText(message, request.tools.length > 0) || pending
  }
  return texts
}

function previousAnswer(messages: readonly Message[], before: number): Message | null {
  for (let i = before - 1; i >= 0; i--) if (messages[i]?.role === 'assistant') return messages[i]!
  return null
}

/** The same words except one in five, of three words or more: "continue" twice is not a repeat. */
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

function mostFrequent(calls: readonly ReadCall[], keyOf: (call: ReadCall) => string | null): number {
  if (calls.length === 0) return 0
  const counts = new Map<string, number>()
  let most = 0
  for (const call of calls) {
    const key = keyOf(call)
    if (key === null) continue
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > most) most = count
  }
  return most
}
