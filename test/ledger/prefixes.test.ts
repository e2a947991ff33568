import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/index.js'
import { sampleOpen, scratchFolder } from './sample.js'

/** A conversation by the choices made at each of its turns: two that chose alike so far share their nodes so far. */
const chainOf = (choices: readonly number[]) =>
  choices.map((_, at) => ({
    digest: choices
      .slice(0, at + 1)
      .join('')
      .padStart(32, 'f'),
    refTokens: 10 * at,
  }))
const conversation = fc.array(fc.nat({ max: 1 }), { minLength: 1, maxLength: 12 }).map((rest) => [7, ...rest])
const writes = fc.array(fc.record({ choices: conversation, writer: fc.nat({ max: 1 }), anew: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
})

it('a conversation is stored once as far as it is the same, whoever wrote its beginning, and is read as it was', async () => {
  await fc.assert(
    fc.asyncProperty(writes, async (plan) => {
      const path = join(scratchFolder(), 'ledger.db')
      const ledgers = [await openLedger(path), await openLedger(path)]
      const expected = new Map<string, string[]>()
      for (const { choices, writer, anew } of plan) {
        if (anew) {
          await ledgers[writer]?.close()
          ledgers[writer] = await openLedger(path)
        }
        const call = sampleOpen({ prefixes: chainOf(choices) })
        await ledgers[writer]?.open(call)
        expected.set(
          call.id,
          call.prefixes.map((p) => p.digest),
        )
      }
      const [ledger] = ledgers
      const trie = ledger?.prefixes()
      const nodes = new Set<number>()
      for (const [id, digests] of expected) {
        const chain = trie?.chain(ledger?.getCall(id)?.decision.prefixLeaf ?? null) ?? []
        expect(chain.map((node) => trie?.digest(node))).toEqual(digests)
        for (const node of chain) nodes.add(node)
      }
      expect(nodes.size).toBe(new Set([...expected.values()].flat()).size)
      for (const one of ledgers) await one.close()
    }),
    { numRuns: 40 },
  )
}, 120_000)
