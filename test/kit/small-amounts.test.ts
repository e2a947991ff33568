import { expect, it } from 'vitest'
import { formatUsd } from '../../src/kit/index.js'

it.each([
  [0, '$0.00'],
  [20, '<$0.000001'],
  [-20, '-<$0.000001'],
  [500, '<$0.000001'],
  [600, '$0.000001'],
  [122_000, '$0.000122'],
  [null, 'unpriced'],
])('shows %j nano-USD as %s: only nothing is shown as nothing', (nano, text) => {
  expect(formatUsd(nano)).toBe(text)
})
