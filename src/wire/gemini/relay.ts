import type { Parameter } from '../../canonical/index.js'
import { dropAt, type JsonPath, type Splice, setAt, type Target } from '../codec.js'
import { effortOf, isEffort, nearestEffort } from '../effort.js'
import { isRecord, type Json, listOf, recordEntries, recordsIn } from '../json.js'
import { keepsSignature, limitSplices, NOBODYS_SIGNATURE } from '../target.js'
import { spelledKey } from './camel-case.js'
import { BUDGET, LEAST_BUDGET } from './write-config.js'

const PLAIN: readonly (readonly [Parameter, readonly string[]])[] = [
  ['temperature', ['temperature']],
  ['top_p', ['topP']],
  ['top_k', ['topK']],
  ['frequency_penalty', ['frequencyPenalty']],
  ['presence_penalty', ['presencePenalty']],
  ['seed', ['seed']],
  ['stop', ['stopSequences']],
  ['n', ['candidateCount']],
  ['logprobs', ['responseLogprobs', 'logprobs']],
]

/** The changes that a body of this format needs for another model of this format; none where nothing is known against it. */
export function relaySplices(body: Json, target: Target): readonly Splice[] {
  const refuses = (parameter: Parameter): boolean => target.accepts.refuses.includes(parameter)
  const splices: Splice[] = []
  // The model stands in the path; some old clients repeat it.
  const model = `models/${target.name}`
  if (typeof body.model === 'string' && body.model !== model) splices.push({ kind: 'model', value: model })
  splices.push(...configSplices(body, target, refuses))
  splices.push(...choiceSplices(body, refuses))
  splices.push(...signatureSplices(body, target))
  const contents = listOf(body.contents)
  const last = contents.at(-1)
  if (isRecord(last) && last.role === 'model' && refuses('prefill')) {
    splices.push(dropAt(['contents', contents.length - 1], 'The model takes no prefilled answer.', true))
  }
  return splices
}

function configSplices(body: Json, target: Target, refuses: (p: Parameter) => boolean): Splice[] {
  const key = spelledKey(body, 'generationConfig')
  const config = body[key]
  const clamp = target.clampOutput
  // A budget's clamp holds for a client without a limit too.
  if (!isRecord(config)) {
    return clamp === null ? [] : [{ kind: 'set', field: key, value: { maxOutputTokens: clamp }, why: 'Limited by the budget.' }]
  }
  const at = (name: string): JsonPath => [key, spelledKey(config, name)]
  const has = (name: string): boolean => config[spelledKey(config, name)] !== undefined
  const splices: Splice[] = []
  const limit = at('maxOutputTokens')
  splices.push(...limitSplices(config[spelledKey(config, 'maxOutputTokens')], limit.join('.'), target, limit))
  for (const [parameter, names] of PLAIN) {
    if (refuses(parameter)) for (const name of names) if (has(name)) splices.push(dropAt(at(name), 'The model refuses it.'))
  }
  const thinking = config[spelledKey(config, 'thinkingConfig')]
  if (isRecord(thinking)) splices.push(...thinkingSplices(thinking, at('thinkingConfig'), target, refuses))
  return splices
}

/** A model of one generation takes a budget, of the next a level; both at once are refused. */
function thinkingSplices(thinking: Json, path: JsonPath, target: Target, refuses: (p: Parameter) => boolean): Splice[] {
  const { accepts } = target
  const { [spelledKey(thinking, 'thinkingBudget')]: budget, [spelledKey(thinking, 'thinkingLevel')]: level, ...rest } = thinking
  if (accepts.thinking === 'none' && refuses('thinking_budget')) return [dropAt(path, 'The model does not think.')]
  const set = (value: Json, why: string): Splice[] => [setAt(path, { ...rest, ...value }, why)]
  const word = typeof level === 'string' ? level.toLowerCase() : undefined
  if (isEffort(word) && word !== 'none' && accepts.thinking === 'budget') {
    return set({ thinkingBudget: BUDGET[word] }, 'The model takes a thinking budget only.')
  }
  if (isEffort(word) && accepts.efforts.length > 0 && !accepts.efforts.includes(word)) {
    return set({ thinkingLevel: nearestEffort(word, accepts.efforts)?.toUpperCase() }, 'The nearest level the model knows.')
  }
  const least = nearestEffort('none', accepts.efforts)
  if (budget === 0 && least !== null && least !== 'none' && least !== 'minimal') {
    return set(
      accepts.thinking === 'budget' ? { thinkingBudget: LEAST_BUDGET } : { thinkingLevel: least.toUpperCase() },
      'The model always thinks.',
    )
  }
  if (typeof budget !== 'number' || !refuses('thinking_budget')) return []
  const effort = budget < 0 ? null : nearestEffort(effortOf(budget), accepts.efforts)
  return set(effort === null || effort === 'none' ? {} : { thinkingLevel: effort.toUpperCase() }, 'The model takes no thinking budget.')
}

function choiceSplices(body: Json, refuses: (p: Parameter) => boolean): Splice[] {
  const key = spelledKey(body, 'toolConfig')
  const toolConfig = body[key]
  if (!isRecord(toolConfig) || !refuses('forced_tool_choice')) return []
  const inner = spelledKey(toolConfig, 'functionCallingConfig')
  const calling = toolConfig[inner]
  if (!isRecord(calling) || String(calling.mode).toUpperCase() !== 'ANY') return []
  return [setAt([key, inner], { mode: 'AUTO' }, 'The model cannot be forced to call a tool.', true)]
}

/** Models that think by level refuse an open tool loop without signatures. */
function signatureSplices(body: Json, target: Target): readonly Splice[] {
  const contents = listOf(body.contents)
  const needed = target.accepts.thinking === 'effort' ? firstCallsOfOpenLoop(contents) : new Set<unknown>()
  const foreign: JsonPath[] = []
  const splices: Splice[] = []
  for (const [i, content] of recordEntries(contents)) {
    if (content.role !== 'model') continue
    for (const [j, part] of recordEntries(content.parts)) {
      const key = spelledKey(part, 'thoughtSignature')
      const signed = typeof part[key] === 'string' && part[key] !== ''
      if (part[key] === NOBODYS_SIGNATURE || (signed && keepsSignature(target, part[key]))) continue
      const path: JsonPath = ['contents', i, 'parts', j, key]
      if (needed.has(part)) {
        splices.push(setAt(path, NOBODYS_SIGNATURE, 'The model refuses calls without a signature; this one was not made by it.'))
      } else if (part[key] !== undefined) foreign.push(path)
    }
  }
  if (foreign.length > 0)
    splices.push({ kind: 'drop-all', field: 'reasoning', why: 'Only the model that signed this reasoning can read it.', paths: foreign })
  return splices
}

function holds(part: unknown, name: string): boolean {
  return isRecord(part) && isRecord(part[spelledKey(part, name)])
}

/** The first call of each turn since the user last spoke: the one that carries the signature. */
function firstCallsOfOpenLoop(contents: readonly unknown[]): ReadonlySet<unknown> {
  const first = new Set<unknown>()
  for (const content of recordsIn(contents).toReversed()) {
    const parts = listOf(content.parts)
    if (content.role === 'model') {
      const call = parts.find((part) => holds(part, 'functionCall'))
      if (call !== undefined) first.add(call)
    } else if (!parts.some((part) => holds(part, 'functionResponse'))) break
  }
  return first
}
