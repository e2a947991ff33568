import type { Splice } from '../codec.js'
import { isRecord } from '../json.js'

/**
 * Words of the assistant between the results of tools and what follows, where an agent adds reminders or its user goes on: "Unexpected role
 * 'user' after role 'tool'" (github.com/NousResearch/hermes-agent/issues/20154, aliou/pi-neuralwatt/issues/12). And where an answer that
 * says nothing was left out: "conversation roles must alternate" (github.com/vllm-project/vllm/issues/6862).
 */
export function afterToolSplices(messages: readonly unknown[], silent: ReadonlySet<number>): Splice[] {
  const kept = [...messages.entries()].filter(([i]) => !silent.has(i))
  return kept.flatMap(([i, message], at): Splice[] => {
    const before = kept[at - 1]?.[1]
    if (!isRecord(message) || !isRecord(before)) return []
    if (message.role === 'tool' || message.role === 'assistant') return []
    if (before.role !== 'tool' && !(before.role === 'user' && silent.has(i - 1))) return []
    const content = before.role === 'tool' ? 'I have read the results.' : 'I have nothing to say.'
    const why = 'this model wants words of the assistant here'
    return [{ kind: 'insert', field: `messages.${i}`, path: ['messages', i], value: { role: 'assistant', content }, why }]
  })
}
