import fc from 'fast-check'
import { expect, it } from 'vitest'
import { joinConversations } from '../../src/cli/import/join-conversation.js'
import { openPlaces } from '../../src/cli/import/places.js'
import type { Asked } from '../../src/cli/import/understand-history.js'

const NOTHING = { signals: {} as Asked['signals'], limit: null, stream: true, breakpoints: [], hasRequest: true, reply: null }
const STORED = 7

it('makes of what each call adds the conversation that it had, each prefix with the tokens that it was first stored with, however many sessions run at once', () => {
  const call = fc.record({ session: fc.nat(99), cut: fc.nat(6), adds: fc.array(fc.nat(3), { maxLength: 3 }), unseen: fc.nat(2000) })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 300, size: 'max' }), (calls) => {
      const places = openPlaces()
      // The ledger has what says nothing but 0 and 1 to begin with; some sessions are the same conversation.
      const storedTokens = (digest: string) => (/^\d+:[01,]*$/.test(digest) ? STORED : null)
      const join = joinConversations(storedTokens)
      const first = new Map<string, number>()
      const sessions = new Map<number, readonly string[]>()
      for (const { session, cut, adds, unseen } of calls) {
        // A conversation goes on, or begins anew from somewhere in it: after a summary, or in a session that was gone back in.
        const before = sessions.get(session) ?? []
        const said = [...before.slice(0, cut < 4 ? before.length : cut), ...adds.map(String)]
        sessions.set(session, said)
        const prefixes = said.map((_, i) => ({ digest: `${session % 40}:${said.slice(0, i + 1).join()}`, refTokens: 10 * i }))
        const messages = said.map((text) => ({ digest: text, json: text }))
        const place = places.of(String(session), prefixes)
        const added = { prefixes: prefixes.slice(place.kept), messages: messages.slice(place.kept) }
        const joined = join({ ...NOTHING, ...added, place }, unseen)
        expect(joined.messages).toEqual(messages)
        expect(joined.prefixes.map(({ digest, refTokens, depth }) => ({ digest, refTokens, depth }))).toEqual(
          prefixes.map(({ digest, refTokens }, depth) => {
            if (!first.has(digest)) first.set(digest, storedTokens(digest) ?? refTokens + unseen)
            return { digest, refTokens: first.get(digest), depth }
          }),
        )
        expect(joined.leaf).toBe(joined.prefixes.at(-1) ?? null)
        for (const [i, link] of joined.prefixes.entries()) expect(link.parent).toBe(joined.prefixes[i - 1] ?? null)
      }
    }),
    { numRuns: 50 },
  )
})

it('keeps the tokens of prefixes that are on their way to the ledger, however many others came since', () => {
  const join = joinConversations(() => null)
  const call = (slot: number, digests: readonly string[]) => ({
    ...NOTHING,
    ...{ messages: [], place: { slot, kept: 0 } },
    prefixes: digests.map((digest) => ({ digest, refTokens: 10 })),
  })
  const long = Array.from({ length: 50_000 }, (_, i) => `long ${i}`)
  expect(join(call(0, ['shared', ...long]), 5).prefixes[0]).toMatchObject({ refTokens: 15 })
  expect(join(call(1, ['shared', 'other']), 9).prefixes).toMatchObject([{ refTokens: 15 }, { refTokens: 19 }])
})
