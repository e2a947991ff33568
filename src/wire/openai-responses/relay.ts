import type { Parameter } from '../../canonical/index.js'
import { type CallIds, callIds, fitCallId, unusedId } from '../calls.js'
import { dropAt, type JsonPath, type Splice, setAt, type Target } from '../codec.js'
import { nearestLevel } from '../effort.js'
import { schemaSplices } from '../fit-schemas.js'
import { isRecord, type Json, recordEntries, recordOf } from '../json.js'
import { isForced } from '../openai-tool-choice.js'
import { markSplices } from '../relay-marks.js'
import { keepsSignature, limitSplices } from '../target.js'
import { OWN_ID, unseal } from './output-item.js'

const FIELDS: Readonly<Partial<Record<Parameter, string>>> = {
  temperature: 'temperature',
  top_p: 'top_p',
  logprobs: 'top_logprobs',
  parallel_tool_calls: 'parallel_tool_calls',
  prompt_cache_retention: 'prompt_cache_retention',
}
/** OpenAI refuses longer ids of calls (github.com/RooCodeInc/Roo-Code/pull/10763), and one id twice (github.com/NousResearch/hermes-agent/issues/102629). */
const LONGEST_ID = 64
const SEALED = 'reasoning.encrypted_content'

/** What a Responses body needs so that this target accepts it; nothing for a body that fits. */
export function relaySplices(body: Json, target: Target): Splice[] {
  const splices: Splice[] = []
  if (body.model !== target.name) splices.push({ kind: 'model', value: target.name })
  for (const parameter of target.accepts.refuses) {
    const field = FIELDS[parameter]
    if (field !== undefined && body[field] !== undefined) splices.push({ kind: 'drop', field, why: 'this model does not accept it' })
    if (parameter === 'forced_tool_choice' && isForced(body.tool_choice)) {
      splices.push({ kind: 'set', field: 'tool_choice', value: 'auto', why: 'this model cannot be forced to call a tool' })
    }
  }
  if (target.accepts.refuses.includes('verbosity') && recordOf(body.text).verbosity !== undefined)
    splices.push(dropAt(['text', 'verbosity'], 'this model does not accept it'))
  splices.push(...markSplices(body, target))
  spliceReasoning(body, target, splices)
  splices.push(...limitSplices(body.max_output_tokens, 'max_output_tokens', target))
  spliceInput(body, target, splices)
  splices.push(...toolSplices(body.tools, ['tools'], target))
  return splices
}

/** Functions, and those within a namespace. */
function toolSplices(tools: unknown, path: JsonPath, target: Target): Splice[] {
  return recordEntries(tools).flatMap(([i, tool]) =>
    tool.type === 'function'
      ? schemaSplices(tool.parameters, [...path, i, 'parameters'], target)
      : toolSplices(tool.tools, [...path, i, 'tools'], target),
  )
}

/** A model that does not reason refuses the whole `reasoning` object, and sealed reasoning in `include`. */
function spliceReasoning(body: Json, target: Target, splices: Splice[]): void {
  const { efforts, thinking, refuses } = target.accepts
  const why = 'this model does not reason'
  if (thinking === 'none') {
    if (body.reasoning !== undefined && body.reasoning !== null) splices.push({ kind: 'drop', field: 'reasoning', why })
    if (!Array.isArray(body.include) || !body.include.includes(SEALED)) return
    const rest = (body.include as unknown[]).filter((name) => name !== SEALED)
    splices.push(rest.length === 0 ? { kind: 'drop', field: 'include', why } : { kind: 'set', field: 'include', value: rest, why })
    return
  }
  const asked = isRecord(body.reasoning) ? body.reasoning.effort : undefined
  if (typeof asked !== 'string') return
  const path = ['reasoning', 'effort']
  const nearest = refuses.includes('reasoning_effort') ? null : nearestLevel(asked, efforts)
  if (nearest === null) splices.push(dropAt(path, 'this model has no effort levels'))
  else if (nearest !== asked) splices.push(setAt(path, nearest, `nearest level to ${asked}`))
}

function spliceInput(body: Json, target: Target, splices: Splice[]): void {
  const paths: JsonPath[] = []
  let dropped = false
  const used = new Set<string>()
  const ids = callIds((asked) => unusedId(fitCallId(asked, LONGEST_ID), used))
  for (const [i, item] of recordEntries(body.input)) {
    if (item.role === 'developer' && !target.accepts.developerRole) {
      splices.push(setAt(['input', i, 'role'], 'system', 'this model does not know the developer role'))
    }
    splices.push(...callIdSplice(item, i, ids))
    if (item.type === 'reasoning') {
      dropped = isUnreadable(item) || !keepsSignature(target, sealedBy(item.encrypted_content))
      if (dropped) paths.push(['input', i])
    } else if (item.role === 'user' || typeof item.type !== 'string' || item.type.endsWith('_output')) dropped = false
    // An item's id ties it to the reasoning that came before it; without that reasoning the id is refused.
    else if (dropped && typeof item.id === 'string') paths.push(['input', i, 'id'])
  }
  if (paths.length > 0) splices.push({ kind: 'drop-all', field: 'reasoning', why: 'made by another model', paths })
}

function callIdSplice({ type, call_id: asked }: Json, item: number, ids: CallIds): Splice[] {
  const isOutput = String(type).endsWith('_output')
  if (typeof asked !== 'string' || !(isOutput || String(type).endsWith('_call'))) return []
  // An output without its call answers one that the provider keeps.
  const id = isOutput ? (ids.result(asked) ?? asked) : ids.call(asked)
  return id === asked ? [] : [setAt(['input', item, 'call_id'], id, `ids of calls have at most ${LONGEST_ID} characters here, each once`)]
}

/** Reasoning without a seal is read by whoever kept it; that to which we gave an id, nobody kept. */
function isUnreadable({ id, encrypted_content: sealed }: Json): boolean {
  return typeof sealed !== 'string' && OWN_ID.test(String(id))
}

function sealedBy(sealed: unknown): string | undefined {
  return typeof sealed === 'string' ? unseal(sealed).signature : undefined
}
