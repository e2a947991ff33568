import type { BlockStart, Event, Part, Reply } from '../canonical/index.js'
import { present } from './json.js'

/** A complete answer as the events of a stream, for a client that asked to stream an answer that arrived in one piece. */
export function eventsOfReply(reply: Reply): Event[] {
  const { id, model, created, choices, usage } = reply
  const events: Event[] = [{ type: 'start', ...present({ id, model, created }) }]
  let index = 0
  for (const [choice, { parts, logprobs }] of choices.entries()) {
    const probabilities: Event[] = logprobs === undefined ? [] : [{ type: 'logprobs', choice, content: logprobs }]
    for (const part of parts) {
      const said = eventsOfPart(part, index++, choice)
      // They belong to the words, so they come before these end.
      if (part.type === 'text') said.splice(-1, 0, ...probabilities.splice(0))
      events.push(...said)
    }
    events.push(...probabilities)
  }
  for (const [choice, { finish, rawFinish, stopSequence }] of choices.entries()) {
    events.push({ type: 'finish', choice, reason: finish, ...present({ raw: rawFinish, stopSequence }) })
  }
  events.push({ type: 'usage', usage }, { type: 'end' })
  return events
}

function eventsOfPart(part: Part, index: number, choice: number): Event[] {
  const [block, text] = blockOf(part)
  const events: Event[] = [{ type: 'block-start', index, choice, block }]
  if (text !== '') events.push({ type: 'delta', index, text })
  if (part.type === 'reasoning' && part.signature !== undefined)
    events.push({ type: 'signature', index, signature: part.signature, ...present({ redacted: part.redacted || undefined }) })
  return [...events, { type: 'block-end', index }]
}

function blockOf(part: Part): readonly [block: BlockStart, text: string] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ kind: part.type }, part.text]
    case 'reasoning':
      return [{ kind: 'reasoning', ...present({ id: part.id }) }, part.text]
    case 'tool-call':
      return [{ kind: 'tool-call', id: part.id, name: part.name, ...present({ signature: part.signature }) }, part.args]
    case 'opaque':
      return [{ kind: 'opaque', format: part.format, value: part.value }, '']
    case 'image':
    case 'file':
    case 'audio':
    case 'tool-result':
      // No format has a block for these in a streamed answer; the numbering stays whole.
      return [{ kind: 'opaque', value: part }, '']
  }
}
