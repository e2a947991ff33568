import fc from 'fast-check'
import { expect, it } from 'vitest'
import { COUNT, finish, newSink, type Packing, sourceOf, wholeMicroseconds } from '../../src/kit/index.js'
import { COUNT_OR_NULL, MS, packNumbers, SIGNED, TEXT, unpackNumbers } from '../../src/ledger/packed/kinds.js'

const whole = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat().map((n) => Math.floor(n / 4)),
)
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })
const value = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), value: whole }),
  fc.record({ kind: fc.constant('countOrNull' as const), value: orNull(whole) }),
  fc.record({ kind: fc.constant('signed' as const), value: fc.tuple(whole, fc.boolean()).map(([n, minus]) => (minus && n > 0 ? -n : n)) }),
  fc.record({ kind: fc.constant('ms' as const), value: orNull(fc.double({ min: -1e9, max: 2e9, noNaN: true })) }),
  fc.record({ kind: fc.constant('text' as const), value: orNull(fc.string({ unit: 'binary', maxLength: 9000 })) }),
)
const kinds = { count: COUNT, countOrNull: COUNT_OR_NULL, signed: SIGNED, ms: MS, text: TEXT } as Record<string, Packing<unknown>>

it('reads back what was written, in order and to the microsecond', () => {
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const sink = newSink()
      for (const v of values) kinds[v.kind]!.write(sink, v.value)
      const source = sourceOf(finish(sink))
      for (const v of values) {
        const expected = v.kind === 'ms' ? wholeMicroseconds(v.value) : v.value
        expect(kinds[v.kind]!.read(source)).toEqual(expected)
      }
      expect(source.at).toBe(source.bytes.length)
    }),
  )
})

it('lists of row numbers come back, and neighbours take a byte each', () => {
  fc.assert(fc.property(fc.array(fc.nat(2 ** 40)), (numbers) => void expect(unpackNumbers(packNumbers(numbers))).toEqual(numbers)))
  expect(packNumbers(Array.from({ length: 120 }, (_, i) => 1_000_000 + i)).length).toBeLessThan(125)
})
