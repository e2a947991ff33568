import type { Loss, Message, Part, Request, Tool } from '../canonical/index.js'
import type { Target } from './codec.js'
import { lose } from './losses.js'
import { pairTools, type Turn } from './pair-tools.js'
import { joinTurns } from './turns.js'

/** Said in place of a first turn of the user, without which these vendors refuse a request. */
const OPENING: Part = { type: 'text', text: '(start)' }

/** Parts of another format as parts that the target can say; `field` names the message in losses. */
export type FitParts = (parts: readonly Part[], field: string, target: Target, losses: Loss[]) => Part[]

/**
 * The messages of another format under the rules that Anthropic and Google share: one system prompt in front, turns of user
 * and assistant that alternate and start with the user, and every tool call answered in the next turn. The neutral messages
 * are left as they are.
 */
export function fitTurns(request: Request, fitParts: FitParts, target: Target, losses: Loss[]): Message[] {
  const system: Part[] = []
  const turns: Turn[] = []
  for (const [i, message] of joinTurns(request).entries()) {
    const parts = fitParts(message.parts, `messages.${i}`, target, losses)
    if (message.name !== undefined && message.role !== 'tool') {
      lose(losses, `messages.${i}.name`, 'Messages carry no names.')
    }
    if (isInstruction(message) && turns.length === 0) {
      system.push(...parts)
      continue
    }
    if (isInstruction(message)) lose(losses, `messages.${i}.role`, 'Later instructions are said as the user.')
    addTurn(turns, message.role === 'assistant' ? 'assistant' : 'user', parts)
  }
  const paired = pairTools(turns, losses)
  if (paired[0]?.role !== 'user') {
    lose(losses, 'messages', 'The vendor wants the user to speak first.')
    paired.unshift({ role: 'user', parts: [OPENING] })
  }
  trimPrefill(paired)
  return system.length > 0 ? [{ role: 'system', parts: system }, ...paired] : paired
}

/** Whether the client said itself what to cache. */
export function hasCacheMarks({ messages, tools }: Pick<Request, 'messages' | 'tools'>): boolean {
  const isMarked = ({ cache }: Part | Tool): boolean => cache !== undefined
  return tools.some(isMarked) || messages.some(({ parts }) => parts.some(isMarked))
}

function isInstruction(message: Message): boolean {
  return message.role === 'system' || message.role === 'developer'
}

/** Consecutive messages of one side are one turn. */
function addTurn(turns: Turn[], role: Turn['role'], parts: readonly Part[]): void {
  if (parts.length === 0) return
  const last = turns.at(-1)
  if (last?.role === role) last.parts.push(...parts)
  else turns.push({ role, parts: [...parts] })
}

/** Anthropic refuses a last assistant turn that ends in white space. */
function trimPrefill(turns: Turn[]): void {
  const last = turns.at(-1)
  const part = last?.parts.at(-1)
  if (last?.role === 'assistant' && part?.type === 'text') last.parts[last.parts.length - 1] = { ...part, text: part.text.trimEnd() }
}
