import type { Choice, Event, Usage } from '../../canonical/index.js'
import { codecFor, type ReplyContext } from '../../wire/index.js'
import type { PlannedAnswer } from './plan-answer.js'

const chat = codecFor('openai-chat')

/** Follows the object's name in a whole answer and in each chunk of a stream, and marks them as the sandbox's. */
function labelled(json: string): string {
  return json.replaceAll(/"object":"chat\.completion(?:\.chunk)?"/g, '$&,"system_fingerprint":"simulated"')
}

/** The answers as one JSON body. */
export function writeJson(context: ReplyContext, answers: readonly PlannedAnswer[], usage: Usage): string {
  return labelled(JSON.stringify(chat.writeReply({ choices: answers.map(choiceOf), usage }, context)))
}

function choiceOf({ text, toolCall, finish }: PlannedAnswer): Choice {
  return { parts: [toolCall === null ? { type: 'text', text } : { type: 'tool-call', ...toolCall }], finish }
}

/** Pieces of the stream in order, a word or the like each; the caller spreads them over time. */
export function writePieces(context: ReplyContext, answers: readonly PlannedAnswer[], usage: Usage): string[] {
  const writer = chat.eventWriter(context)
  const pieces: string[] = []
  const write = (...events: readonly Event[]): void => void pieces.push(labelled(events.map((event) => writer.write(event)).join('')))
  for (const [index, { text, toolCall }] of answers.entries()) {
    const block = toolCall === null ? ({ kind: 'text' } as const) : ({ kind: 'tool-call', id: toolCall.id, name: toolCall.name } as const)
    write({ type: 'block-start', index, choice: index, block })
    for (const word of splitText(toolCall?.args ?? text)) write({ type: 'delta', index, text: word })
  }
  write(...answers.map(({ finish: reason }, choice) => ({ type: 'finish', choice, reason }) as const))
  write({ type: 'usage', usage }, { type: 'end' })
  return pieces
}

/** Words with the space before them, never splitting a surrogate pair. */
function splitText(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? (text === '' ? [] : [text])
}
