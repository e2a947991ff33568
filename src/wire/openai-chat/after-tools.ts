import type { Splice } from '../codec.js'
import { isRecord } from '../json.js'

const WHY = 'this model refuses any but the assistant after results of tools'

/**
 * Words of the assistant between the results of tools and what follows, where an agent adds reminders or its user goes on: "Unexpected role
 * 'user' after role 'tool'" (github.com/NousResearch/hermes-agent/issues/20154, aliou/pi-neuralwatt/issues/12).
 */
export function afterToolSplices(messages: readonly unknown[], silent: ReadonlySet<number>): Splice[] {
  const kept = [...messages.entries()].filter(([i]) => !silent.has(i))
  return kept.flatMap(([i, message], at): Splice[] => {
    const before = kept[at - 1]?.[1]
    if (!isRecord(message) || !isRecord(before) || before.role !== 'tool') return []
    if (message.role === 'tool' || message.role === 'assistant') return []
    return [
      {
        kind: 'insert',
        field: `messages.${i}`,
        path: ['messages', i],
        value: { role: 'assistant', content: 'I have read the results.' },
        why: WHY,
      },
    ]
  })
}
