import type { Loss, Part, PartOf } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { withoutExtra } from '../extra.js'
import { lose } from '../losses.js'
import { plainSource, textOfFile } from '../media.js'
import { keepsSignature } from '../target.js'

const IMAGES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

/** Parts of another format as parts that this one can say. Extras of the other format go. */
export function fitParts(parts: readonly Part[], field: string, target: Target, losses: Loss[]): Part[] {
  const fitted = parts.map((part) => fitPart(part, field, target, losses))
  return fitted.filter((part) => part !== undefined).map(withoutExtra)
}

function fitPart(part: Part, field: string, target: Target, losses: Loss[]): Part | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      // The vendor refuses text blocks without a visible character.
      return /\S/.test(part.text) ? { ...part, type: 'text' } : undefined
    case 'reasoning':
      if (part.signature && keepsSignature(target, part.signature)) return part
      return lose(losses, `${field}.reasoning`, 'Only the model that made this reasoning can read it.')
    case 'tool-call': {
      const { signature: _, ...call } = part
      return call
    }
    case 'tool-result':
      return { ...part, parts: fitParts(part.parts, field, target, losses) }
    case 'image': {
      const source = plainSource(part.source)
      if (source.kind === 'file-id') return lose(losses, `${field}.image`, "Another vendor's file ids are unknown here.", true)
      if (source.kind === 'base64' && !IMAGES.has(source.mediaType)) {
        return lose(losses, `${field}.image`, `${source.mediaType} is not an image type of this vendor.`, true)
      }
      if (part.detail !== undefined && part.detail !== 'auto') lose(losses, `${field}.image.detail`, 'There is no level of detail.')
      return { ...part, source }
    }
    case 'file':
      return fitFile(part) ?? lose(losses, `${field}.file`, 'The vendor takes PDF and plain text only.', true)
    case 'audio':
      return lose(losses, `${field}.audio`, 'The vendor takes no audio.', true)
    case 'opaque':
      return lose(losses, `${field}.${part.kind}`, `Only ${part.format} understands it.`, true)
  }
}

function fitFile(part: PartOf<'file'>): Part | undefined {
  const isTaken = part.source.kind === 'base64' ? part.source.mediaType === 'application/pdf' : part.source.kind === 'url'
  return isTaken ? part : textOfFile(part)
}
