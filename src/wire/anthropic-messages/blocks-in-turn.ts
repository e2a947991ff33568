import type { Event } from '../../canonical/index.js'

type BlockEvent = Extract<Event, { readonly index: number }>

/**
 * Serialises the events of overlapping blocks (parallel calls whose pieces alternate): the first block passes through as it arrives, the
 * others wait until they are complete, in the order they began.
 */
export function inTurn(): (event: BlockEvent) => readonly BlockEvent[] {
  const waiting = new Map<number, BlockEvent[]>()
  let current: number | null = null
  return (event) => {
    if (event.type === 'block-start' && current === null) current = event.index
    if (event.index !== current) {
      const held = waiting.get(event.index)
      if (held !== undefined) held.push(event)
      else if (event.type === 'block-start') waiting.set(event.index, [event])
      return []
    }
    if (event.type !== 'block-end') return [event]
    const out: BlockEvent[] = [event]
    current = null
    for (const [index, held] of waiting) {
      waiting.delete(index)
      out.push(...held)
      if (held.at(-1)?.type === 'block-end') continue
      current = index
      break
    }
    return out
  }
}
