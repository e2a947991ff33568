import { getByte, packedRow, putByte, type Sink, type Source } from '../../kit/index.js'
import type { Strategy } from '../types.js'
import { getNumber, NUMBER, putNumber } from './number.js'
import { codeOf, STRATEGIES, wordOf } from './words.js'

const WITH_CARBON = 64
const WEIGHTS = packedRow({ cost: NUMBER, quality: NUMBER, latency: NUMBER })

export function putStrategy(sink: Sink, s: Strategy): void {
  const code = codeOf(STRATEGIES, s.kind)
  switch (s.kind) {
    case 'weights': {
      const { carbon } = s.weights
      putByte(sink, carbon === undefined ? code : code | WITH_CARBON)
      WEIGHTS.write(sink, s.weights)
      if (carbon !== undefined) putNumber(sink, carbon)
      return
    }
    case 'cheapest':
      putByte(sink, code)
      putNumber(sink, s.minQuality)
      return
    case 'balanced':
    case 'best':
      putByte(sink, code)
      return
  }
}

export function getStrategy(source: Source): Strategy {
  const code = getByte(source)
  const kind = wordOf(STRATEGIES, code & ~WITH_CARBON)
  switch (kind) {
    case 'weights': {
      const weights = WEIGHTS.read(source)
      return { kind, weights: (code & WITH_CARBON) === 0 ? weights : { ...weights, carbon: getNumber(source) } }
    }
    case 'cheapest':
      return { kind, minQuality: getNumber(source) }
    case 'balanced':
    case 'best':
      return { kind }
  }
}
