import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordHash } from '../../src/kit/index.js'
import {
  type DecideInput,
  decide,
  decodeInput,
  decodePlan,
  decodeSignals,
  decodeWarm,
  encodeInput,
  encodePlan,
  encodeSignals,
  isSamePlan,
  stateHash,
  type Tables,
} from '../../src/policy/index.js'
import { anyInput, anySignals } from './arbitrary.js'
import { input, SMALL } from './build.js'

function tablesOf(i: DecideInput): Tables {
  const revs = new Map(i.models.map((m) => [recordHash(m.rev), m.rev]))
  return { policy: (hash) => (hash === recordHash(i.policy) ? i.policy : undefined), modelRev: (hash) => revs.get(hash) }
}

describe('the decision record', () => {
  it('gives back signals exactly', () => {
    fc.assert(
      fc.property(anySignals, (s) => {
        expect(decodeSignals(encodeSignals(s))).toEqual(s)
      }),
    )
  })

  it('gives back an input exactly', () => {
    fc.assert(
      fc.property(anyInput, (i) => {
        expect(decodeInput(encodeInput(i), decodeSignals(encodeSignals(i.signals)), tablesOf(i))).toEqual(i)
      }),
    )
  })

  it('gives back what was warm without the rest', () => {
    fc.assert(
      fc.property(anyInput, (i) => {
        const { pool, warm } = decodeWarm(encodeInput(i), tablesOf(i))
        expect(pool).toEqual(i.models.map((m) => m.rev))
        expect(warm).toEqual(i.endogenous.warm)
      }),
    )
  })

  it('gives back a plan exactly, words included', () => {
    fc.assert(
      fc.property(anyInput, (i) => {
        const plan = decide(i)
        expect(decodePlan(encodePlan(plan, i), i)).toEqual(plan)
      }),
    )
  })

  it('decides again what was stored, from the bytes alone', () => {
    fc.assert(
      fc.property(anyInput, (i) => {
        const stored = encodePlan(decide(i), i)
        const again = decodeInput(encodeInput(i), decodeSignals(encodeSignals(i.signals)), tablesOf(i))
        expect(isSamePlan(decide(again), again, stored)).toBe(true)
      }),
    )
  })

  it('tells a plan apart from that of a changed rate', () => {
    const i = input()
    const stored = encodePlan(decide(i), i)
    const dearer = { ...SMALL, rev: { ...SMALL.rev, rates: { ...SMALL.rev.rates!, input: SMALL.rev.rates!.input! + 1000 } } }
    const changed = { ...i, models: [dearer, ...i.models.slice(1)] }
    expect(isSamePlan(decide(changed), changed, stored)).toBe(false)
  })

  it('takes about 60 bytes a model', () => {
    const i = input()
    expect(encodeInput(i).length / i.models.length).toBeLessThan(70)
    expect(encodePlan(decide(i), i).length / i.models.length).toBeLessThan(70)
  })

  it('refuses a record whose policy is unknown, saying which', () => {
    const i = input()
    const lost: Tables = { policy: () => undefined, modelRev: () => undefined }
    expect(() => decodeInput(encodeInput(i), i.signals, lost)).toThrow(`the ledger does not hold policy ${recordHash(i.policy)}`)
  })

  it('hashes equal state alike and any change apart', () => {
    const { endogenous } = input()
    expect(stateHash(endogenous)).toMatch(/^[0-9a-f]{16}$/)
    expect(stateHash({ ...endogenous })).toBe(stateHash(endogenous))
    expect(stateHash({ ...endogenous, turn: 1 })).not.toBe(stateHash(endogenous))
    expect(stateHash({ ...endogenous, openLoop: 'one/small' })).not.toBe(stateHash({ ...endogenous, lastModel: 'one/small' }))
  })
})
