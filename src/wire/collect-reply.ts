import { type BlockStart, type Choice, type Event, mergeUsage, NO_USAGE, type Part, type Reply, type Usage } from '../canonical/index.js'
import type { Fault } from '../kit/index.js'

interface OpenBlock {
  readonly choice: number
  readonly start: BlockStart
  text: string
  signature?: string
  redacted?: boolean
}

interface Collecting {
  head: Pick<Reply, 'id' | 'model' | 'created'>
  usage: Usage
  fault: Fault | null
  /** By index, in order of start. */
  readonly blocks: Map<number, OpenBlock>
  readonly endings: Map<number, Omit<Choice, 'parts' | 'logprobs'>>
  readonly logprobs: Map<number, unknown[]>
}

export interface Collected {
  readonly reply: Reply
  /** What ended the stream early, if anything did; the reply then contains what came before it. */
  readonly fault: Fault | null
}

/** A streamed answer as a complete one. */
export function collectReply(events: Iterable<Event>): Collected {
  const state: Collecting = { head: {}, usage: NO_USAGE, fault: null, blocks: new Map(), endings: new Map(), logprobs: new Map() }
  for (const event of events) take(state, event)
  const { head, usage, fault } = state
  return { reply: { ...head, choices: choicesOf(state), usage }, fault }
}

function take(state: Collecting, event: Event): void {
  switch (event.type) {
    case 'start': {
      const { type: _, ...head } = event
      state.head = head
      return
    }
    case 'block-start':
      state.blocks.set(event.index, { choice: event.choice, start: event.block, text: '' })
      return
    case 'delta': {
      const block = state.blocks.get(event.index)
      if (block !== undefined) block.text += event.text
      return
    }
    case 'signature': {
      const block = state.blocks.get(event.index)
      if (block !== undefined) Object.assign(block, { signature: event.signature, redacted: event.redacted === true })
      return
    }
    case 'logprobs':
      state.logprobs.set(event.choice, [...(state.logprobs.get(event.choice) ?? []), ...event.content])
      return
    case 'finish': {
      const { type: _, choice, reason, raw, ...rest } = event
      state.endings.set(choice, { finish: reason, ...(raw === undefined ? {} : { rawFinish: raw }), ...rest })
      return
    }
    case 'usage':
      state.usage = mergeUsage(state.usage, event.usage)
      return
    case 'error':
      state.fault = event.fault
      return
    case 'block-end':
    case 'end':
      return
    default:
      event satisfies never
  }
}

function choicesOf(state: Collecting): Choice[] {
  const blocks = [...state.blocks.values()]
  const count = 1 + Math.max(0, ...state.endings.keys(), ...blocks.map((b) => b.choice))
  return Array.from({ length: count }, (_, choice) => {
    const probs = state.logprobs.get(choice)
    return {
      parts: blocks.filter((b) => b.choice === choice).map(partOf),
      ...(state.endings.get(choice) ?? { finish: 'error' as const }),
      ...(probs === undefined ? {} : { logprobs: probs }),
    }
  })
}

function partOf({ start, text, signature, redacted }: OpenBlock): Part {
  const signed = signature === undefined ? {} : { signature }
  switch (start.kind) {
    case 'text':
    case 'refusal':
      return { type: start.kind, text }
    case 'reasoning':
      return { type: 'reasoning', text, ...signed, ...(redacted ? { redacted } : {}), ...(start.id === undefined ? {} : { id: start.id }) }
    case 'tool-call': {
      const { kind: type, ...call } = start
      return { type, ...call, args: text }
    }
    case 'opaque': {
      const kind = (start.value as { readonly type?: unknown } | null)?.type
      return { type: 'opaque', format: start.format ?? 'openai-chat', kind: String(kind ?? 'unknown'), value: start.value }
    }
  }
}
