import { NEEDS } from '../canonical/index.js'
import { entry } from '../kit/index.js'
import type { Veto } from './types.js'

const NEED_WORDS: Partial<Record<(typeof NEEDS)[number], string>> = {
  tools: 'does not take tools',
  'parallel-tools': 'cannot call tools in parallel',
  vision: 'cannot see images',
  'file-input': 'does not take files',
  'audio-input': 'does not take audio',
  json: 'has no JSON mode',
  'json-schema': 'cannot hold to a JSON schema',
  'hosted-tools': 'lacks the hosted tools that the request names',
  'web-search': 'cannot search the web by itself',
  'many-tools': 'takes at most 128 tools',
  'grouped-tools': 'takes at most 128 tools',
  'mixed-tools': 'does not take hosted tools beside functions',
  'hosted-openai': 'lacks what only OpenAI keeps or hosts, and the request names',
  'hosted-anthropic': 'lacks what only Anthropic keeps or hosts, and the request names',
  'hosted-google': 'lacks what only Google keeps or hosts, and the request names',
  'grammar-tools': 'does not take grammar tools',
  n: 'gives one answer at a time',
  logprobs: 'reports no log probabilities',
}

const WORDS: Record<Veto['code'], (about: number) => string> = {
  need: (about) => NEED_WORDS[NEEDS[about]!] ?? `does not offer ${NEEDS[about]}`,
  context: (about) => `has a context window of ${about.toLocaleString('en-US')} tokens, too small for this request`,
  breaker: () => 'has been failing and is left alone for now',
  quota: () => 'has next to nothing left of its rate limit',
  quality: () => 'is too weak for this request',
  rule: () => 'is not among the models of the matching rule',
  pinned: () => 'is not the model that the client named',
  budget: () => 'could cost more than the budget has left',
  loop: () => 'did not sign the reasoning of the open tool loop',
  unpriced: () => 'has no known price',
  kind: () => 'does not answer this kind of request',
  ladder: () => 'is below the rung that this session has climbed to',
}

const made = new Map<Veto['code'], Map<number, Veto>>()

/** A veto by its code and the number that its words depend on. Equal vetoes are one object, so deciding allocates none. */
export function vetoOf(code: Veto['code'], about = 0): Veto {
  const ofCode = entry(made, code, newVetoes)
  const known = ofCode.get(about)
  if (known !== undefined) return known
  if (ofCode.size > 4096) ofCode.clear()
  const veto = { code, about, detail: WORDS[code](about) }
  ofCode.set(about, veto)
  return veto
}

const newVetoes = (): Map<number, Veto> => new Map()

/** Whether time alone may lift the veto. */
export function isPassing(v: Veto): boolean {
  return v.code === 'breaker' || v.code === 'quota'
}
