import type { Effort } from '../../canonical/index.js'
import { dropAt, type Splice, setAt, type Target } from '../codec.js'
import { budgetOf, effortOf, isEffort, LEAST_BUDGET, nearestEffort } from '../effort.js'
import { isRecord, type Json } from '../json.js'
import type { ReasoningSplices } from './relay-reasoning.js'

/** Changes to `thinking` for a model that thinks in another way, within `limit` output tokens. */
export function thinkingSplices(body: Json, target: Target, limit: number, unreasoned: ReasoningSplices['unreasoned']): readonly Splice[] {
  const { thinking } = body
  if (!isRecord(thinking)) return []
  const { accepts } = target
  const noBudget = accepts.refuses.includes('thinking_budget')
  if (thinking.type === 'enabled') {
    if (unreasoned === 'by-switch') return dropThinking(body, 'The open tool loop holds no reasoning of this model.')
    if (noBudget)
      return accepts.thinking === 'adaptive' ? adaptive(body, thinking, target) : dropThinking(body, 'The model takes no thinking budget.')
    const budget = typeof thinking.budget_tokens === 'number' ? thinking.budget_tokens : 0
    if (budget < limit || limit === body.max_tokens) return []
    if (limit <= LEAST_BUDGET) return dropThinking(body, 'The clamped output limit leaves no room to think.')
    return [setAt(['thinking', 'budget_tokens'], limit - 1, 'A budget stays below the clamped output limit.')]
  }
  if (thinking.type === 'disabled' || thinking.type === 'between_tools') return offSplices(body, thinking.type, target)
  if (thinking.type !== 'adaptive') return []
  if (accepts.thinking === 'none' && noBudget) return dropThinking(body, 'The model does not think.')
  if (accepts.thinking !== 'budget') return []
  if (unreasoned) return dropThinking(body, 'The open tool loop holds no reasoning of this model, which takes a thinking budget only.')
  if (limit <= LEAST_BUDGET) return dropThinking(body, 'The model needs a thinking budget, for which there is no room.')
  const budget_tokens = Math.min(budgetOf(effortIn(body) ?? 'high', Math.min(limit, 128_000)), limit - 1)
  return [{ kind: 'set', field: 'thinking', value: { type: 'enabled', budget_tokens }, why: 'The model takes a thinking budget only.' }]
}

/** Thinking is turned off in the word that this model has for it; where it has none, the least effort comes nearest. */
function offSplices(body: Json, asked: string, { accepts }: Target): readonly Splice[] {
  const { thinkingOff: word = asked, efforts, refuses } = accepts
  const effort = effortIn(body)
  if (word === null) {
    const why = 'The model always thinks.'
    const least = effort === undefined ? nearestEffort('none', efforts) : null
    return [{ kind: 'drop', field: 'thinking', why }, ...(least === null ? [] : [setEffort(body, least, why)])]
  }
  const splices: Splice[] = []
  if (asked !== word) splices.push({ kind: 'set', field: 'thinking', value: { type: word }, why: 'How this model is told not to think.' })
  if ((effort === 'xhigh' || effort === 'max') && refuses.includes('xhigh_without_thinking')) {
    splices.push(setEffort(body, 'high', 'The most that this model takes without thinking.'))
  }
  return splices
}

function setEffort(body: Json, effort: Effort, why: string): Splice {
  return isRecord(body.output_config) ? setAt(['output_config', 'effort'], effort, why) : setAt(['output_config'], { effort }, why)
}

function effortIn(body: Json): Exclude<Effort, 'none'> | undefined {
  const config = body.output_config
  return isRecord(config) && isEffort(config.effort) && config.effort !== 'none' ? config.effort : undefined
}

function adaptive(body: Json, thinking: Json, target: Target): Splice[] {
  const why = 'The model decides its own thinking budget.'
  const display = thinking.display === undefined ? {} : { display: thinking.display }
  const splices: Splice[] = [{ kind: 'set', field: 'thinking', value: { type: 'adaptive', ...display }, why }]
  const effort = nearestEffort(effortOf(Number(thinking.budget_tokens)), target.accepts.efforts)
  if (effort !== null && effortIn(body) === undefined) splices.push(setEffort(body, effort, why))
  return splices
}

/** Edits of the context that clear thinking are refused where there is none. */
function dropThinking(body: Json, why: string): Splice[] {
  const splices: Splice[] = [{ kind: 'drop', field: 'thinking', why }]
  const management = body.context_management
  if (!isRecord(management) || !Array.isArray(management.edits)) return splices
  const edits = management.edits.filter((edit) => !(isRecord(edit) && String(edit.type).startsWith('clear_thinking')))
  if (edits.length === management.edits.length) return splices
  splices.push(
    edits.length === 0 && Object.keys(management).length === 1
      ? dropAt(['context_management'], why)
      : setAt(['context_management', 'edits'], edits, why),
  )
  return splices
}
