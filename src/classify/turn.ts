import type { Message, Request } from '../canonical/index.js'
import { setAsideHarness } from './set-aside-harness.js'

/** The part of a conversation that this request is judged by. */
export interface Turn {
  /** The user's latest text, without the harness; empty when there is none. */
  readonly text: string
  /** Index of the message that contains it, -1 when there is none. */
  readonly index: number
}

/**
 * What the user wrote in a message, or '' for tool results, instructions and the harness's own blocks. An agent (a request with tools) that
 * sends several text blocks puts its own first and the user's last; without tools all blocks are the user's.
 */
export function personText(message: Message, agent: boolean): string {
  if (message.role !== 'user') return ''
  const texts: string[] = []
  for (const part of message.parts) {
    if (part.type !== 'text') continue
    const text = setAsideHarness(part.text).trim()
    if (text !== '') texts.push(text)
  }
  const last = texts.at(-1)
  if (last === undefined) return ''
  return agent ? last : texts.join('\n')
}

export function readTurn(request: Request): Turn {
  const agent = request.tools.length > 0 || hasInstructions(request.messages)
  for (let i = request.messages.length - 1; i >= 0; i--) {
    const text = personText(request.messages[i]!, agent)
    if (text !== '') return { text, index: i }
  }
  return { text: '', index: -1 }
}

/** Harness blocks also ride without tools (title calls, Codex's own provider), always with instructions beside them. */
function hasInstructions(messages: readonly Message[]): boolean {
  return messages.some((m) => m.role === 'system' || m.role === 'developer')
}
