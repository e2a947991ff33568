import type { PartOf, Request } from '../../canonical/index.js'
import { unwrapText } from '../call-args.js'
import { fitCallId } from '../call-ids.js'
import type { Target } from '../codec.js'
import { isSpelled, wireFields } from '../extra.js'
import type { Json } from '../json.js'
import { keepsSignature } from '../target.js'
import { LONGEST_ID } from './relay-ids.js'

/** A call in an assistant's message. `own`: its extras were read from this format. */
export function writeToolCall(part: PartOf<'tool-call'>, own: boolean, request: Request, target: Target): Json {
  const extra = own ? wireFields(part.extra) : undefined
  const id = own ? part.id : fitCallId(part.id, LONGEST_ID)
  if (isFreeText(part, own, request, target)) {
    return { id, type: 'custom', custom: { name: part.name, input: unwrapText(part.args) }, ...extra }
  }
  const inner = own ? (part.extra?.['~function'] as object | undefined) : undefined
  const kept = !own && part.signature !== undefined && keepsSignature(target, part.signature)
  return {
    id,
    type: 'function',
    function: { name: part.name, arguments: part.args === '' && !own ? '{}' : part.args, ...inner },
    ...(kept ? signed(part.signature) : undefined),
    ...extra,
  }
}

/** Where Gemini's compatible endpoint puts the signature of a call; a client that gives it back keeps the call valid. */
export function signed(signature: string): Json {
  return { extra_content: { google: { thought_signature: signature } } }
}

function isFreeText(part: PartOf<'tool-call'>, own: boolean, request: Request, target: Target): boolean {
  if (own && isSpelled(part.extra, '~custom')) return true
  if (own || !target.accepts.needs.includes('grammar-tools')) return false
  return request.tools.some((tool) => tool.type === 'grammar' && tool.name === part.name)
}
