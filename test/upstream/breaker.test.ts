import { describe, expect, it } from 'vitest'
import { type Breaker, breakerAfter, breakerState, CLOSED, createHealthBoard, type HealthEvent } from '../../src/upstream/index.js'

const FAILED: HealthEvent = { kind: 'failed', retryAfterMs: null }
const OK: HealthEvent = { kind: 'ok' }

function following(...events: readonly HealthEvent[]): Breaker {
  return events.reduce((b, e) => breakerAfter(b, e, 0), CLOSED)
}

describe('a breaker', () => {
  it.each<[string, readonly HealthEvent[], number, string]>([
    ['stays closed after two failures', [FAILED, FAILED], 0, 'closed'],
    ['opens after three in a row', [FAILED, FAILED, FAILED], 0, 'open'],
    ['forgets failures after a success', [FAILED, FAILED, OK, FAILED, FAILED], 0, 'closed'],
    ['lets a probe through after a while', [FAILED, FAILED, FAILED], 5000, 'half-open'],
    ['opens at once for a provider that names a time', [{ kind: 'failed', retryAfterMs: 20_000 }], 19_999, 'open'],
    ['and no longer than that', [{ kind: 'failed', retryAfterMs: 20_000 }], 20_000, 'half-open'],
    ['opens at once on a rate limit', [{ kind: 'limited', retryAfterMs: 700 }], 699, 'open'],
    ['believes no retry-after beyond an hour', [{ kind: 'limited', retryAfterMs: 1e12 }], 3_600_000, 'half-open'],
    ['rests when the key is wrong or the model unknown', [{ kind: 'misconfigured' }], 4_999, 'open'],
    ['is tried again soon, as somebody may be putting that right', [{ kind: 'misconfigured' }], 5_000, 'half-open'],
    ['does not care for bad requests', [{ kind: 'neutral' }, { kind: 'neutral' }, { kind: 'neutral' }], 0, 'closed'],
  ])('%s', (_name, events, atMs, state) => {
    expect(breakerState(following(...events), atMs)).toBe(state)
  })

  it('rests for seconds only where nothing can be reached: whoever was offline for an hour goes on at once', () => {
    const unreached: HealthEvent = { kind: 'failed', retryAfterMs: null, unreached: true }
    const once = following(unreached, unreached, unreached)
    const hour = Array.from({ length: 50 }).reduce<Breaker>((b) => breakerAfter({ ...b, probing: true }, unreached, 0), once)
    expect(breakerState(hour, 14_999)).toBe('open')
    expect(breakerState(hour, 15_000)).toBe('half-open')
  })

  it('lets a probe through when the clock was put back: nobody would wait out the hours by which it was wrong', () => {
    const open = [FAILED, FAILED, FAILED].reduce((b, e) => breakerAfter(b, e, 7_200_000), CLOSED)
    expect(breakerState(open, 7_200_001)).toBe('open')
    expect(breakerState(open, 7_199_000)).toBe('open')
    expect(breakerState(open, 60_000)).toBe('half-open')
    // A call that was under way meanwhile fails too.
    const again = breakerAfter(open, FAILED, 60_000)
    expect(breakerState(again, 60_001)).toBe('open')
    expect(breakerState(again, 70_000)).toBe('half-open')
  })

  it('opens for no longer when ten calls at once fail than when three do: their provider failed once', () => {
    const ten = following(...Array.from({ length: 10 }, () => FAILED))
    expect(breakerState(ten, 4_999)).toBe('open')
    expect(breakerState(ten, 5_000)).toBe('half-open')
    const probed = breakerAfter({ ...ten, probing: true }, FAILED, 5_000)
    const beside = [FAILED, FAILED, { kind: 'limited', retryAfterMs: null } as const].reduce((b, e) => breakerAfter(b, e, 5_000), probed)
    expect(breakerState(beside, 14_999)).toBe('open')
    expect(breakerState(beside, 15_000)).toBe('half-open')
    const asked = breakerAfter(ten, { kind: 'limited', retryAfterMs: 20_000 }, 0)
    expect(breakerState(asked, 19_999)).toBe('open')
  })

  it.each<HealthEvent>([{ kind: 'misconfigured' }, { kind: 'limited', retryAfterMs: 1000 }, { kind: 'failed', retryAfterMs: 1000 }])(
    'one failure after many that had a time of their own is the first: $kind',
    (event) => {
      const probing = Array.from({ length: 20 }).reduce<Breaker>((b) => ({ ...breakerAfter(b, event, 0), probing: true }), CLOSED)
      expect(breakerState(breakerAfter(probing, FAILED, 0), 5_000)).toBe('half-open')
    },
  )

  it('opens for longer each time its probe fails, and closes when it succeeds', () => {
    const once = { ...following(FAILED, FAILED, FAILED), probing: true }
    const twice = breakerAfter(once, FAILED, 5000)
    expect(breakerState(twice, 14_999)).toBe('open')
    expect(breakerState(twice, 15_000)).toBe('half-open')
    expect(breakerAfter({ ...twice, probing: true }, OK, 15_000)).toBe(CLOSED)
  })
})

describe('the health board', () => {
  const board = () => createHealthBoard(() => ({ rpm: 10, tpm: 1000 }))

  it('lets exactly one probe through a half-open breaker', () => {
    const b = board()
    for (let i = 0; i < 3; i++) {
      expect(b.enter('m', 0)).toBe(true)
      b.leave('m', FAILED, 0)
    }
    expect(b.enter('m', 100)).toBe(false)
    expect(b.enter('m', 100, true)).toBe(false)
    expect(b.read('m', 5000).breaker).toBe('half-open')
    expect(b.enter('m', 5000)).toBe(true)
    expect(b.enter('m', 5000)).toBe(false)
    // Who has no other model does not wait for the probe's answer.
    expect(b.enter('m', 5000, true)).toBe(true)
    b.leave('m', OK, 5100)
    expect(b.read('m', 5100).breaker).toBe('closed')
  })

  it('gives the probe back when the client went away', () => {
    const b = board()
    for (let i = 0; i < 3; i++) b.leave('m', FAILED, 0)
    expect(b.enter('m', 5000)).toBe(true)
    b.leave('m', { kind: 'neutral' }, 5001)
    expect(b.enter('m', 5002)).toBe(true)
  })

  it('takes the smallest share of what the provider says and what is configured', () => {
    const b = board()
    b.limits('m', { left: 0.8, resetMs: 1000 }, 0)
    expect(b.read('m', 0).quotaLeft).toBe(0.8)
    for (let i = 0; i < 5; i++) b.enter('m', 0)
    expect(b.read('m', 0).quotaLeft).toBe(0.5)
    b.tokens('m', 900, 0)
    expect(b.read('m', 0).quotaLeft).toBeCloseTo(0.1)
    expect(b.read('m', 300_000).quotaLeft).toBe(1)
  })

  it('keeps the use of this minute when it forgets what may be mended, and measures it by the limits of now', () => {
    let rpm = 10
    const b = createHealthBoard(() => ({ rpm, tpm: 1000 }))
    for (let i = 0; i < 4; i++) {
      b.enter('m', 0)
      b.leave('m', FAILED, 0)
    }
    b.tokens('m', 100, 0)
    b.limits('m', { left: 0.1, resetMs: 60_000 }, 0)
    expect(b.read('m', 0)).toMatchObject({ breaker: 'open', quotaLeft: 0.1 })
    b.forget()
    expect(b.read('m', 0)).toEqual({ breaker: 'closed', openUntilMs: null, quotaLeft: 0.7 })
    rpm = 5
    expect(b.read('m', 0).quotaLeft).toBeCloseTo(0.4)
  })
})
