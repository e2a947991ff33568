import type { Part, Reply, Request } from '../canonical/index.js'
import type { Signals } from '../classify/index.js'
import { isJson } from '../kit/index.js'
import type { DecidedCall } from './call.js'
import type { RouterPorts } from './router-ports.js'

/** Kinds of outcome that an answer shows by itself: something was formally wrong with it. */
type AnswerOutcome = 'refusal' | 'empty' | 'truncated' | 'invalid-json' | 'tool-parse'
/** Kinds that the session's next turn shows of the answer before it. */
type TurnOutcome = 'repeat' | 'check-failed'

export function outcomesOfReply(request: Request, reply: Reply): readonly AnswerOutcome[] {
  const found: AnswerOutcome[] = []
  const [choice] = reply.choices
  if (choice === undefined) return found
  const calls = choice.parts.filter((p): p is Extract<Part, { type: 'tool-call' }> => p.type === 'tool-call')
  const text = choice.parts.map((p) => (p.type === 'text' ? p.text : '')).join('')
  const refused = choice.finish === 'refusal' || choice.finish === 'content-filter' || choice.parts.some((p) => p.type === 'refusal')
  if (refused) found.push('refusal')
  else if (choice.finish === 'length') found.push('truncated')
  else if (text.trim() === '' && calls.length === 0 && choice.parts.every((p) => p.type === 'text' || p.type === 'reasoning'))
    found.push('empty')
  else if (request.output !== undefined && calls.length === 0 && !isJson(text)) found.push('invalid-json')
  const functions = new Set(request.tools.flatMap((t) => (t.type === 'function' ? t.name : [])))
  if (calls.some((c) => functions.has(c.name) && c.args !== '' && !isJson(c.args))) found.push('tool-parse')
  return found
}

export function outcomesOfTurn({ trajectory }: Signals): readonly TurnOutcome[] {
  const found: TurnOutcome[] = []
  if (trajectory.userRepeat) found.push('repeat')
  if (trajectory.inToolLoop && trajectory.lastCheckFailed) found.push('check-failed')
  return found
}

/** Writes down something learned of a call after it ended. `seen`: who answered it, when that is known here, so that expectations move too. */
export function noteOutcome(
  id: string,
  kind: string,
  seen: { readonly call: DecidedCall; readonly model: string } | null,
  ports: RouterPorts,
  value = 1,
  note = '',
): void {
  const row = { call: id, kind, value, atMs: ports.clock.now(), ...(note === '' ? {} : { note }) }
  ports.ledger.outcome(row).catch((error: unknown) => ports.report(error, id))
  if (seen !== null) ports.outlook.judged(seen.call, seen.model, kind, value)
}
