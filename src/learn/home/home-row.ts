import type { Reply, Request } from '../../canonical/index.js'
import type { Task, Trajectory } from '../../classify/index.js'
import { isJson } from '../../kit/index.js'
import type { LabelledRow } from '../labelled-rows.js'

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
type Sign = (typeof SIGNS)[number]

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

/** One of the user's own calls, reduced to what can be learned from it. */
export interface HomeRow {
  readonly id: string
  /** Rows of a session are held out together. */
  readonly session: string
  readonly prompt: string
  /** Ability of the model that answered, for this kind of work, logits. */
  readonly ability: number
  /** How good the answer seems, 0 to 1, and the weight of that relative to a user's feedback. */
  readonly good: number
  readonly weight: number
}

/** How good an answer with this sign is taken to be, and the sign's weight: a person's word is 1. */
const MEANING: Readonly<Record<Sign, readonly [good: number, weight: number]>> = {
  refusal: [0.1, 0.25],
  empty: [0, 0.5],
  truncated: [0.3, 0.2],
  'invalid-json': [0, 0.5],
  'tool-parse': [0, 0.5],
  repeat: [0.1, 0.35],
  correction: [0.2, 0.3],
  retry: [0.1, 0.35],
  'check-failed': [0.2, 0.3],
  'check-passed': [0.95, 0.3],
}
/** An answer after which the conversation went on without complaint is mildly good news. */
const UNTROUBLED: readonly [good: number, weight: number] = [0.85, 0.1]

/** Label of a call: the person's word if there is one, else the gravest sign, else that the conversation went on; null says nothing. */
export function labelCall(
  feedback: number | null,
  signs: readonly Sign[],
  wentOn: boolean,
): { readonly good: number; readonly weight: number } | null {
  if (feedback !== null) return { good: Math.max(0, Math.min(1, feedback)), weight: 1 }
  const gravest = signs.map((sign) => MEANING[sign]).sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]
  const [good, weight] = gravest ?? (wentOn ? UNTROUBLED : [0, 0])
  return weight === 0 ? null : { good, weight }
}

/**
 * Labelled questions as rows for `refit`, one for each model that the catalog knows; every question has the same weight however many models
 * answered it.
 */
export function homeRowsOf(rows: readonly LabelledRow[], abilityOf: (model: string, task: Task) => number | null): readonly HomeRow[] {
  return rows.flatMap((row) => {
    const known = Object.entries(row.models).flatMap(([model, good]) => {
      const ability = abilityOf(model, 'question')
      return ability === null ? [] : [{ id: `${row.id}/${model}`, session: row.id, prompt: row.prompt, ability, good }]
    })
    return known.map((one) => ({ ...one, weight: 1 / known.length }))
  })
}
