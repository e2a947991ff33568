import type { BlockStart, Event } from '../../canonical/index.js'
import { encodeSse } from '../../kit/index.js'
import { type Json, recordOf } from '../json.js'
import { signatureBlock } from './reply.js'

type BlockEvent = Extract<Event, { readonly index: number }>

interface BlockWriter {
  write(event: BlockEvent): string
  /** Kinds of block that were written. */
  readonly kinds: ReadonlySet<BlockStart['kind']>
  /** Characters of content written. */
  chars(): number
}

export function encode(value: Json): string {
  return encodeSse(JSON.stringify(value), String(value.type))
}

/** Writes blocks one after another, as the vendor sends them, numbered from 0; those that overlap are held back until their turn. */
export function blockWriter(): BlockWriter {
  let at = 0
  let chars = 0
  const kinds = new Set<BlockStart['kind']>()
  let open: BlockStart | null = null
  let begun = false
  const queue = inTurn()

  const begin = (content: Json): string => {
    begun = true
    return encode({ type: 'content_block_start', index: at, content_block: content })
  }
  const piece = (delta: Json): string => encode({ type: 'content_block_delta', index: at, delta })
  const stop = (): string => encode({ type: 'content_block_stop', index: at++ })
  const sign = (signature: string): string => piece({ type: 'signature_delta', signature })

  const writeSignature = (block: BlockStart, signature: string, redacted: boolean): string => {
    if (block.kind !== 'reasoning') return ''
    if (redacted) return begun ? '' : begin({ type: 'redacted_thinking', data: signature })
    return (begun ? '' : begin(contentOf(block))) + sign(signature)
  }
  /** The signature that some vendors put on a call goes before it, in an empty thinking block: clients give it back there. */
  const lead = (block: BlockStart): string =>
    block.kind === 'tool-call' && block.signature ? begin(signatureBlock('')) + sign(block.signature) + stop() : ''

  const writeNext = (event: BlockEvent): string => {
    if (event.type === 'block-start') {
      const { choice, block } = event
      // Only one choice fits here, and nothing that only another format understands.
      open = choice === 0 && (block.kind !== 'opaque' || block.format === 'anthropic-messages') ? block : null
      begun = false
      // Reasoning waits for its first piece, which may be a signature that changes how it begins.
      return open === null || open.kind === 'reasoning' ? '' : lead(open) + begin(contentOf(open))
    }
    if (open === null) return ''
    switch (event.type) {
      case 'delta':
        chars += event.text.length
        return (begun ? '' : begin(contentOf(open))) + piece(deltaOf(open, event.text))
      case 'signature':
        return writeSignature(open, event.signature, event.redacted ?? false)
      case 'block-end': {
        const block = open
        open = null
        kinds.add(block.kind)
        if (!begun && block.kind === 'reasoning') return ''
        return (begun ? '' : begin(contentOf(block))) + stop()
      }
    }
  }

  return {
    kinds,
    chars: () => chars,
    write(event) {
      let out = ''
      for (const next of queue(event)) out += writeNext(next)
      return out
    },
  }
}

function contentOf(block: BlockStart): Json {
  switch (block.kind) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: '' }
    case 'reasoning':
      return signatureBlock('')
    case 'tool-call':
      return { type: 'tool_use', id: block.id, name: block.name, input: {} }
    case 'opaque':
      return recordOf(block.value)
  }
}

function deltaOf(block: BlockStart, text: string): Json {
  switch (block.kind) {
    case 'text':
    case 'refusal':
      return { type: 'text_delta', text }
    case 'reasoning':
      return { type: 'thinking_delta', thinking: text }
    case 'tool-call':
    case 'opaque':
      return { type: 'input_json_delta', partial_json: text }
  }
}

/**
 * Serialises the events of overlapping blocks (parallel calls whose pieces alternate): the first block passes through as it arrives, the
 * others wait until they are complete, in the order they began.
 */
function inTurn(): (event: BlockEvent) => readonly BlockEvent[] {
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
