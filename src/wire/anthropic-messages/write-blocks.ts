import type { BlockStart, Event } from '../../canonical/index.js'
import { encodeSse } from '../../kit/index.js'
import { type Json, recordOf } from '../json.js'
import { signatureBlock } from './write-reply.js'

type BlockEvent = Extract<Event, { readonly index: number }>

export interface BlockWriter {
  write(event: BlockEvent): string
  /** Kinds of block that were written. */
  readonly kinds: ReadonlySet<BlockStart['kind']>
  /** Characters of content written. */
  chars(): number
}

export function encode(value: Json): string {
  return encodeSse(JSON.stringify(value), String(value.type))
}

/** Writes blocks that come one after another, numbered from 0 as the vendor does. */
export function blockWriter(): BlockWriter {
  let at = 0
  let chars = 0
  const kinds = new Set<BlockStart['kind']>()
  let open: BlockStart | null = null
  let begun = false

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

  return {
    kinds,
    chars: () => chars,
    write(event) {
      if (event.type === 'block-start') {
        open = isWritten(event) ? event.block : null
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
    },
  }
}

/** Only one choice fits here, and nothing that only another format understands. */
function isWritten({ choice, block }: Event & { readonly type: 'block-start' }): boolean {
  return choice === 0 && (block.kind !== 'opaque' || block.format === 'anthropic-messages')
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
