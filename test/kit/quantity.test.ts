import { expect, it } from 'vitest'
import { formatBytes, formatUsd } from '../../src/kit/index.js'

it.each([
  [0, '$0.00'],
  [20, '<$0.000001'],
  [-20, '>-$0.000001'],
  [500, '<$0.000001'],
  [600, '$0.000001'],
  [122_000, '$0.000122'],
  [null, 'unpriced'],
])('shows %j nano-USD as %s: only nothing is shown as nothing', (nano, text) => {
  expect(formatUsd(nano)).toBe(text)
})

it.each([
  [999, '999 bytes'],
  [1000, '1 KB'],
  [253_952, '254 KB'],
  [64_000_000, '64 MB'],
  [2_500_000_000, '2.5 GB'],
])('shows %j bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
