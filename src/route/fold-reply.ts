import { type Choice, type Event, mergeUsage, NO_USAGE, type Part, type Reply, type Usage } from '../canonical/index.js'
import { decodeSse, sseSplitter } from '../kit/index.js'
import type { Codec } from '../wire/index.js'

/** The whole answer from the bytes of its stream. */
export function foldReply(codec: Codec, bytes: readonly Buffer[]): Reply {
  const reader = codec.eventReader()
  const splitter = sseSplitter()
  const events: Event[] = []
  const read = (raw: Buffer): void => {
    const event = decodeSse(raw)
    if (event !== null) events.push(...reader.read(event))
  }
  for (const chunk of bytes) splitter.push(chunk).forEach(read)
  const rest = splitter.end()
  if (rest !== null) read(rest)
  events.push(...reader.end())
  return replyOf(events)
}

interface Block {
  readonly choice: number
  readonly start: Extract<Event, { type: 'block-start' }>['block']
  readonly text: string[]
  signature?: string
  redacted?: boolean
}

/** The whole answer from its events. */
export function replyOf(events: readonly Event[]): Reply {
  const blocks = new Map<number, Block>()
  const finishes = new Map<number, Pick<Choice, 'finish' | 'rawFinish' | 'stopSequence'>>()
  let usage: Usage = NO_USAGE
  let head: Pick<Reply, 'id' | 'model' | 'created'> = {}
  for (const e of events) {
    switch (e.type) {
      case 'start': {
        const { type: _, ...rest } = e
        head = { ...head, ...rest }
        break
      }
      case 'block-start':
        blocks.set(e.index, { choice: e.choice, start: e.block, text: [] })
        break
      case 'delta':
        blocks.get(e.index)?.text.push(e.text)
        break
      case 'signature': {
        const block = blocks.get(e.index)
        if (block !== undefined) {
          block.signature = e.signature
          if (e.redacted !== undefined) block.redacted = e.redacted
        }
        break
      }
      case 'finish':
        finishes.set(e.choice, {
          finish: e.reason,
          ...(e.raw === undefined ? {} : { rawFinish: e.raw }),
          ...(e.stopSequence === undefined ? {} : { stopSequence: e.stopSequence }),
        })
        break
      case 'usage':
        usage = mergeUsage(usage, e.usage)
        break
      case 'logprobs':
      case 'block-end':
      case 'error':
      case 'end':
        break
    }
  }
  const last = Math.max(0, ...[...blocks.values()].map((b) => b.choice), ...finishes.keys())
  const choices = Array.from({ length: last + 1 }, (_, choice): Choice => {
    const parts = [...blocks.values()].filter((b) => b.choice === choice).flatMap(partOf)
    return { parts, ...(finishes.get(choice) ?? { finish: 'other' as const }) }
  })
  return { ...head, choices, usage }
}

function partOf({ start, text, signature, redacted }: Block): Part[] {
  const whole = text.join('')
  switch (start.kind) {
    case 'text':
      return [{ type: 'text', text: whole }]
    case 'refusal':
      return [{ type: 'refusal', text: whole }]
    case 'reasoning':
      return [
        {
          type: 'reasoning',
          text: whole,
          ...(signature === undefined ? {} : { signature }),
          ...(redacted === undefined ? {} : { redacted }),
          ...(start.id === undefined ? {} : { id: start.id }),
        },
      ]
    case 'tool-call':
      return [{ type: 'tool-call', id: start.id, name: start.name, args: whole, ...(signature === undefined ? {} : { signature }) }]
    case 'opaque':
      return []
  }
}
