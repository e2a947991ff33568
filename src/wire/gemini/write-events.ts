import { type BlockStart, type Event, type EventOf, mergeUsage, NO_USAGE, type Usage } from '../../canonical/index.js'
import { encodeSse } from '../../kit/index.js'
import type { EventWriter, ReplyContext } from '../codec.js'
import { isRecord, type Json, present } from '../json.js'
import { faultBody } from './fault.js'
import { writeFinishReason } from './finish-reason.js'
import { writePart } from './parts.js'
import { writeLogprobs } from './reply.js'
import { writeUsage } from './usage.js'

interface OpenBlock {
  readonly choice: number
  readonly block: BlockStart
  /** Arguments so far: a call is written whole. */
  args: string
  signature: string | undefined
  redacted: boolean
}

/**
 * The stream of `alt=sse`. It holds no comment lines, which Gemini CLI takes for broken JSON. Without `alt=sse` the same chunks
 * are the elements of one JSON array; the listener frames them.
 */
export function eventWriter(context: ReplyContext): EventWriter {
  const open = new Map<number, OpenBlock>()
  const finishes: EventOf<'finish'>[] = []
  let usage: Usage = NO_USAGE
  let done = false
  const head = { modelVersion: context.model, responseId: context.id }
  const chunk = (fields: Json): string => encodeSse(JSON.stringify({ ...fields, ...head }))
  const say = (index: number, part: Json | undefined): string =>
    part === undefined ? '' : chunk({ candidates: [{ content: { parts: [part], role: 'model' }, index }] })

  const write = (event: Event): string => {
    switch (event.type) {
      case 'block-start': {
        const { choice, block } = event
        open.set(event.index, { choice, block, args: '', signature: undefined, redacted: false })
        return ''
      }
      case 'delta': {
        const block = open.get(event.index)
        return block === undefined ? '' : say(block.choice, writeDelta(block, event.text))
      }
      case 'signature': {
        const block = open.get(event.index)
        if (block !== undefined) Object.assign(block, { signature: event.signature, redacted: event.redacted === true })
        return ''
      }
      case 'block-end': {
        const block = open.get(event.index)
        open.delete(event.index)
        return block === undefined ? '' : say(block.choice, writeEnd(block))
      }
      case 'logprobs':
        return chunk({ candidates: [{ index: event.choice, logprobsResult: writeLogprobs(event.content) }] })
      case 'finish':
        finishes.push(event)
        return ''
      case 'usage':
        usage = mergeUsage(usage, event.usage)
        return ''
      case 'error':
        done = true
        return encodeSse(JSON.stringify(faultBody(event.fault)))
      case 'end':
        done = true
        return chunk({ candidates: finishes.map(writeFinish), ...present({ usageMetadata: writeUsage(usage) }) })
      case 'start':
        return ''
    }
  }
  return { write: (event) => (done ? '' : write(event)) }
}

/** The last chunk holds an empty text, since the vendor's SDK takes a candidate without parts for an invalid answer. */
function writeFinish({ choice, reason, raw }: EventOf<'finish'>): Json {
  return { content: { parts: [{ text: '' }], role: 'model' }, finishReason: writeFinishReason(reason, raw), index: choice }
}

function writeDelta(open: OpenBlock, text: string): Json | undefined {
  switch (open.block.kind) {
    case 'text':
    case 'refusal':
      return { text }
    case 'reasoning':
      return { text, thought: true }
    case 'tool-call':
      open.args += text
      return undefined
    case 'opaque':
      return undefined
    default:
      return open.block satisfies never
  }
}

function writeEnd({ block, args, signature, redacted }: OpenBlock): Json | undefined {
  switch (block.kind) {
    case 'tool-call': {
      const { kind: type, ...call } = block
      return writePart({ type, ...call, args })
    }
    case 'text':
    case 'refusal':
      return signature === undefined ? undefined : { text: '', thoughtSignature: signature }
    case 'reasoning':
      return signature === undefined || redacted ? undefined : { text: '', thought: true, thoughtSignature: signature }
    case 'opaque':
      return block.format === 'gemini' && isRecord(block.value) ? block.value : undefined
    default:
      return block satisfies never
  }
}
