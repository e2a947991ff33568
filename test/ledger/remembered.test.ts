import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/index.js'
import { NOON, sampleAttempt, sampleOpen, sampleSettle, scratchFolder } from './sample.js'

/** What may happen to one of a handful of calls, from this process or another, well or badly. */
const STEPS = ['open', 'attempt', 'settle', 'bad attempt', 'bad settle', 'other opens', 'other settles', 'other prunes'] as const
const CALLS = 5

const step = fc.record({ what: fc.constantFrom(...STEPS), call: fc.nat({ max: CALLS - 1 }) })
/** Steps of one turn share a transaction, and with a bad one among them are rolled back and repeated alone. */
const turns = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })

it('what a ledger remembers of its own writes never shows: rows, attempts and sums are those of a ledger that looks everything up', async () => {
  await fc.assert(
    fc.asyncProperty(turns, async (plan) => {
      const path = join(scratchFolder(), 'ledger.db')
      const [mine, other] = [await openLedger(path), await openLedger(path)]
      const calls = Array.from({ length: CALLS }, (_, i) => sampleOpen({ prefixes: chainOf(i) }))
      const opened = new Set<string>()
      const settled = new Set<string>()
      const tried = new Set<string>()
      const pruned = new Set<string>()
      const run = async ({ what, call: n }: { what: (typeof STEPS)[number]; call: number }): Promise<void> => {
        const call = calls[n] ?? sampleOpen()
        if (pruned.has(call.id)) return
        const ledger = what.startsWith('other') ? other : mine
        if (what === 'bad attempt') await expect(mine.attempt('never-opened', sampleAttempt())).rejects.toThrow()
        else if (what === 'bad settle') await expect(mine.settle(sampleSettle('never-opened'))).rejects.toThrow()
        else if (what.endsWith('open') || what.endsWith('opens')) {
          opened.add(call.id)
          await ledger.open(call)
        } else if (!opened.has(call.id)) return
        else if (what === 'attempt') {
          if (settled.has(call.id)) return
          tried.add(call.id)
          await mine.attempt(call.id, sampleAttempt({ n: 7, outcome: 'error', costNano: 0 }))
        } else if (what !== 'other prunes') {
          settled.add(call.id)
          await ledger.settle(sampleSettle(call.id))
        }
      }
      for (const turn of plan) {
        const writers = turn.filter(({ what }) => !what.startsWith('other'))
        await Promise.all(writers.map(run))
        for (const one of turn.filter(({ what }) => what.startsWith('other') && what !== 'other prunes')) await run(one)
        if (!turn.some(({ what }) => what === 'other prunes')) continue
        await other.prune({ callsBefore: NOON + 1, fold: async () => ({ engine: 1, state: Buffer.from('{}') }) })
        const left = new Set(other.listCalls({}).map((c) => c.id))
        for (const id of opened) if (!left.has(id)) pruned.add(id)
      }
      for (const ledger of [mine, other]) {
        expect(new Set(ledger.listCalls({}).map((c) => c.id))).toEqual(new Set([...opened].filter((id) => !pruned.has(id))))
        expect(ledger.spend({}).calls).toBe(settled.size)
        expect(ledger.spend({}).costNano).toBe(245_000 * settled.size)
        for (const id of opened) {
          if (pruned.has(id)) continue
          const found = ledger.getCall(id)
          expect(found?.call.status).toBe(settled.has(id) ? 'ok' : 'running')
          expect(found?.attempts.map((a) => a.n)).toEqual([...(settled.has(id) ? [1] : []), ...(tried.has(id) ? [7] : [])])
        }
        expect(ledger.verify()).toMatchObject({
          damage: [],
          orphans: [],
          undecided: 0,
          wrongCallCosts: [],
          ...(pruned.size === 0 ? { wrongHours: [] } : {}),
        })
      }
      await mine.close()
      await other.close()
    }),
    { numRuns: 25 },
  )
}, 120_000)

/** Conversations of which all begin alike and some go on alike. */
function chainOf(i: number) {
  return ['all', `half-${i % 2}`, `own-${i}`].map((digest, n) => ({ digest: digest.padEnd(32, '0'), refTokens: n * 10 }))
}
