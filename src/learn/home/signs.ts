import type { Reply, Request } from '../../canonical/index.js'
import type { Trajectory } from '../../classify/index.js'
import { isJson } from '../../kit/index.js'

/** What is visible in an answer without knowing the right one, and in the user's next request. Names are those of the ledger's outcomes. */
export const SIGNS = [
  'refusal',
  'empty',
  'truncated',
  'invalid-json',
  'tool-parse',
  'repeat',
  'correction',
  'retry',
  'check-failed',
  'check-passed',
] as const
export type Sign = (typeof SIGNS)[number]

const REFUSAL =
  /^\W*(?:i['’]?m sorry,? (?:but )?i|sorry,? (?:but )?i (?:can|am)|i (?:can['’]?t|cannot|am unable to|won['’]?t) (?:help|assist|do|provide|comply)|as an ai)/i

/** Signs in the answer itself. `request` has the requested tools and output format. */
export function signsOfReply(request: Pick<Request, 'tools' | 'output'>, reply: Reply): readonly Sign[] {
  const choice = reply.choices[0]
  if (choice === undefined) return ['empty']
  const signs = new Set<Sign>()
  let text = ''
  let calls = 0
  for (const part of choice.parts) {
    if (part.type === 'text') text += part.text
    else if (part.type === 'refusal') signs.add('refusal')
    else if (part.type === 'tool-call') {
      calls++
      const tool = request.tools.find((t) => t.name === part.name)
      if ((tool === undefined && request.tools.length > 0) || (tool?.type === 'function' && part.args !== '' && !isJson(part.args)))
        signs.add('tool-parse')
    }
  }
  if (choice.finish === 'refusal' || choice.finish === 'content-filter' || (calls === 0 && text.length < 600 && REFUSAL.test(text)))
    signs.add('refusal')
  if (text.trim() === '' && calls === 0 && !signs.has('refusal')) signs.add('empty')
  if (choice.finish === 'length') signs.add('truncated')
  if (request.output !== undefined && calls === 0 && !signs.has('refusal') && !isJson(text)) signs.add('invalid-json')
  return [...signs]
}

/** Signs in the session's next request: what the user, or the tools, said about the answer. */
export function signsOfNext(next: Trajectory): readonly Sign[] {
  const signs: Sign[] = []
  if (next.inToolLoop) {
    if (next.lastCheckFailed) signs.push('check-failed')
    else if (next.checkRecovered) signs.push('check-passed')
  } else {
    if (next.userRepeat) signs.push('repeat')
    if (next.userCorrection) signs.push('correction')
  }
  return signs
}
