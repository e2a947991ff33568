import { type BlockStart, type Choice, type Event, mergeUsage, NO_USAGE, type Part, type Reply } from '../canonical/index.js'
import { entry, type Fault } from '../kit/index.js'
import { present } from './json.js'

interface OpenBlock {
  readonly choice: number
  readonly start: BlockStart
  text: string
  signature?: string
  redacted?: boolean
}

export interface Collected {
  readonly reply: Reply
  /** What ended the stream early, if anything did; the reply then contains what came before it. */
  readonly fault: Fault | null
}

/** A streamed answer as a complete one. */
export function collectReply(events: Iterable<Event>): Collected {
  let head: Pick<Reply, 'id' | 'model' | 'created'> = {}
  let usage = NO_USAGE
  let fault: Fault | null = null
  /** By index, in order of start. */
  const blocks = new Map<number, OpenBlock>()
  const endings = new Map<number, Omit<Choice, 'parts' | 'logprobs'>>()
  const logprobs = new Map<number, unknown[]>()
  for (const event of events) {
    switch (event.type) {
      case 'start': {
        const { type: _, ...rest } = event
        head = rest
        break
      }
      case 'block-start':
        blocks.set(event.index, { choice: event.choice, start: event.block, text: '' })
        break
      case 'delta': {
        const block = blocks.get(event.index)
        if (block !== undefined) block.text += event.text
        break
      }
      case 'signature': {
        const block = blocks.get(event.index)
        if (block !== undefined) Object.assign(block, { signature: event.signature, redacted: event.redacted === true })
        break
      }
      case 'logprobs':
        entry(logprobs, event.choice, () => []).push(...event.content)
        break
      case 'finish': {
        const { type: _, choice, reason, raw, ...rest } = event
        endings.set(choice, { finish: reason, ...present({ rawFinish: raw }), ...rest })
        break
      }
      case 'usage':
        usage = mergeUsage(usage, event.usage)
        break
      case 'error':
        fault = event.fault
        break
      case 'block-end':
      case 'end':
        break
      default:
        event satisfies never
    }
  }
  const all = [...blocks.values()]
  const count = 1 + Math.max(0, ...endings.keys(), ...all.map(({ choice }) => choice))
  const choices = Array.from({ length: count }, (_, choice) => ({
    parts: all.filter((block) => block.choice === choice).map(partOf),
    ...(endings.get(choice) ?? { finish: 'error' as const }),
    ...present({ logprobs: logprobs.get(choice) }),
  }))
  return { reply: { ...head, choices, usage }, fault }
}

function partOf({ start, text, signature, redacted }: OpenBlock): Part {
  switch (start.kind) {
    case 'text':
    case 'refusal':
      return { type: start.kind, text }
    case 'reasoning':
      return { type: 'reasoning', text, ...present({ signature, redacted: redacted || undefined, id: start.id }) }
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
