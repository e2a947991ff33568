import { describe, expect, it } from 'vitest'
import { createWindow, readRateLimit, readReset } from '../../src/upstream/index.js'

const NOW = Date.parse('2026-11-21T12:00:00Z')

describe('rate-limit headers', () => {
  it('reads OpenAI’s, the tighter of requests and tokens', () => {
    const headers = {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '15000',
      'x-ratelimit-reset-tokens': '6m0s',
    }
    expect(readRateLimit(headers, NOW)).toEqual({ left: 0.1, resetMs: 360_000 })
  })
  it('reads Anthropic’s, whose reset is a time', () => {
    const headers = {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-input-tokens-limit': '30000',
      'anthropic-ratelimit-input-tokens-remaining': '3000',
      'anthropic-ratelimit-input-tokens-reset': '2026-11-21T12:00:30Z',
    }
    expect(readRateLimit(headers, NOW)).toEqual({ left: 0.1, resetMs: 30_000 })
  })
  it('reads Mistral’s and Cerebras’s, named by their windows', () => {
    const mistral = {
      'x-ratelimit-limit-req-minute': '60',
      'x-ratelimit-remaining-req-minute': '59',
      'x-ratelimit-limit-tokens-minute': '50000',
      'x-ratelimit-remaining-tokens-minute': '5000',
    }
    expect(readRateLimit(mistral, NOW)).toEqual({ left: 0.1, resetMs: null })
    const cerebras = {
      'x-ratelimit-limit-requests-day': '14400',
      'x-ratelimit-remaining-requests-day': '1440',
      'x-ratelimit-reset-requests-day': '33011.382867',
      'x-ratelimit-limit-tokens-minute': '60000',
      'x-ratelimit-remaining-tokens-minute': '59000',
      'x-ratelimit-reset-tokens-minute': '11.38',
    }
    expect(readRateLimit(cerebras, NOW)).toEqual({ left: 0.1, resetMs: 33_011_382.867 })
  })
  it('keeps the tightest wherever it stands', () => {
    const headers = {
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-limit-tokens': '10',
      'x-ratelimit-remaining-tokens': '9',
      'x-ratelimit-reset-tokens': '1s',
    }
    expect(readRateLimit(headers, NOW)).toEqual({ left: 0.1, resetMs: null })
  })
  it('says nothing of headers that are absent or broken', () => {
    expect(readRateLimit({}, NOW)).toBeNull()
    expect(readRateLimit({ 'x-ratelimit-remaining': 'many', 'x-ratelimit-limit': '0' }, NOW)).toBeNull()
  })
  it.each([
    ['1s', 1000],
    ['6m0s', 360_000],
    ['250ms', 250],
    ['1h2m3.5s', 3_723_500],
    ['12', 12_000],
    [String(NOW / 1000 + 5), 5000],
    [String(NOW + 5), 5],
    ['Sat, 21 Nov 2026 12:00:10 GMT', 10_000],
    ['soon', null],
    ['', null],
  ])('a reset of "%s" is %s ms', (text, ms) => {
    expect(readReset(text, NOW)).toBe(ms)
  })
})

it('the use of a minute slides: of the minute before counts what may still be in the last sixty seconds', () => {
  const window = createWindow()
  const minute = (n: number): number => NOW + n * 60_000
  window.add(4, minute(0))
  window.add(2, minute(0.5))
  expect(window.left(10, minute(0.75))).toBeCloseTo(0.4)
  expect(window.left(10, minute(1.25))).toBeCloseTo(1 - 0.6 * 0.75)
  window.add(3, minute(1.5))
  expect(window.left(10, minute(1.5))).toBeCloseTo(1 - 0.3 - 0.6 * 0.5)
  expect(window.left(10, minute(2))).toBeCloseTo(0.7)
  expect(window.left(10, minute(4))).toBe(1)
  window.add(11, minute(4))
  expect(window.left(10, minute(4))).toBe(0)
})
