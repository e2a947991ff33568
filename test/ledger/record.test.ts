import { expect, it } from 'vitest'
import { digest } from '../../src/kit/index.js'
import type { RouterPorts } from '../../src/route/router-ports.js'
import { NOON, sampleAttempt, sampleOpen, sampleSettle, scratchLedger } from './sample.js'

it('gives back a call as it was opened and settled', async () => {
  const ledger = await scratchLedger()
  const port: RouterPorts['ledger'] = ledger
  const open = sampleOpen({ tags: ['a', 'b'], breakpoints: [0, 1], rule: 'classic', key: 'ci', tier: 'premium', limit: 4096 })
  await port.remember('policy', open.policyHash, '{"name":"balanced"}')
  const seq = await port.open(open)
  const settled = await port.settle(
    sampleSettle(open.id, {
      attempts: [
        sampleAttempt({
          n: 1,
          outcome: 'error',
          status: 429,
          retryAfterMs: 1000,
          costNano: 0,
          billed: 'no',
          inputTokens: null,
          outputTokens: null,
          cacheReadTokens: null,
          reasoningTokens: null,
          usageSource: 'none',
        }),
        sampleAttempt({ n: 2, losses: [{ field: 'logprobs', why: 'not offered', matters: false }] }),
      ],
    }),
  )
  expect(settled).toBeGreaterThan(seq)

  const detail = ledger.getCall(open.id)
  const { signals, input, plan, policyHash, classifierHash, stateHash, tzMin, breakpoints, limit, prefixes, reservations, ...light } = open
  const { source, ...row } = detail?.call ?? { source: undefined }
  expect(source).toBeNull()
  expect(row).toMatchObject(light)
  expect(row).toMatchObject({
    seq,
    status: 'ok',
    settledAtMs: NOON + 901,
    attempts: 2,
    inputTokens: 20,
    cacheReadTokens: 32,
    costNano: 245_000,
  })
  expect(detail?.decision).toEqual({
    ...{ tzMin, policyHash, classifierHash, stateHash, breakpoints, limit, reservations, signals, input, plan },
    prefixLeaf: expect.any(Number),
  })
  expect(detail?.attempts.map((a) => [a.n, a.status, a.costNano])).toEqual([
    [1, 429, 0],
    [2, 200, 245_000],
  ])
  expect(detail?.attempts[1]).toEqual(sampleAttempt({ n: 2, losses: [{ field: 'logprobs', why: 'not offered', matters: false }] }))
  expect(
    ledger
      .prefixes()
      .chain(detail?.decision.prefixLeaf ?? null)
      .map(ledger.prefixes().digest),
  ).toEqual(prefixes.map((p) => p.digest))
  expect(ledger.policies().get(open.policyHash)).toBe('{"name":"balanced"}')
})

it('finds a call by a shortened id in either case and refuses one that fits several', async () => {
  const ledger = await scratchLedger()
  await ledger.open(sampleOpen({ id: '01KAAAAAAAAAAAAAAAAAAAAAA1' }))
  await ledger.open(sampleOpen({ id: '01KAAAAAAAAAAAAAAAAAAAAAA2' }))
  await ledger.open(sampleOpen({ id: '01KB0000000000000000000000' }))
  expect(ledger.getCall('01kb')?.call.id).toBe('01KB0000000000000000000000')
  expect(ledger.getCall('01KC')).toBeNull()
  expect(() => ledger.getCall('01KA')).toThrow(expect.objectContaining({ code: 'E_USAGE' }))
})

it('takes a repeated open, settle or attempt for the same one', async () => {
  const ledger = await scratchLedger()
  const open = sampleOpen()
  expect(await ledger.open(open)).toBe(await ledger.open(open))
  await ledger.attempt(open.id, sampleAttempt({ outcome: 'running', endMs: null }))
  const first = await ledger.settle(sampleSettle(open.id))
  expect(await ledger.settle(sampleSettle(open.id, { costNano: 1 }))).toBe(first)
  expect(ledger.attemptsOf(open.id)).toEqual([sampleAttempt()])
  expect(ledger.spend({}).costNano).toBe(245_000)
})

it('a write that fails takes no other of its group with it', async () => {
  const ledger = await scratchLedger()
  const [a, b] = [sampleOpen(), sampleOpen()]
  const results = await Promise.allSettled([ledger.open(a), ledger.settle(sampleSettle('unknown')), ledger.open(b)])
  expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(
    ledger
      .listCalls({})
      .map((c) => c.id)
      .sort(),
  ).toEqual([a.id, b.id].sort())
})

it('shares the nodes of conversations that begin alike', async () => {
  const ledger = await scratchLedger()
  const chain = ['envelope', 'hi', 'hello', 'more'].map((text, i) => ({ digest: digest(text), refTokens: i * 10 }))
  for (const length of [2, 4, 3]) await ledger.open(sampleOpen({ prefixes: chain.slice(0, length) }))
  await ledger.open(sampleOpen({ prefixes: [] }))
  const trie = ledger.prefixes()
  const leaves = ledger.listCalls({}).map((c) => ledger.getCall(c.id)?.decision.prefixLeaf ?? null)
  expect(leaves.map((leaf) => trie.chain(leaf)).sort()).toEqual([[], [1, 2], [1, 2, 3], [1, 2, 3, 4]])
  expect([1, 2, 3, 4].map(trie.refTokens)).toEqual([0, 10, 20, 30])
})

it('reads a long trie as it was written, also nodes that came after the first look', async () => {
  const ledger = await scratchLedger()
  const trie = ledger.prefixes()
  const chain = (name: string, length: number) => Array.from({ length }, (_, i) => ({ digest: digest(`${name} ${i}`), refTokens: i * 3 }))
  const leafOf = async (prefixes: ReturnType<typeof chain>) => {
    const open = sampleOpen({ prefixes })
    await ledger.open(open)
    return ledger.getCall(open.id)?.decision.prefixLeaf ?? null
  }
  for (const prefixes of [chain('a', 700), chain('b', 900), [...chain('c', 2), { digest: 'not hex', refTokens: 9 }], chain('b', 950)]) {
    const nodes = trie.chain(await leafOf(prefixes))
    expect(nodes.map((node) => ({ digest: trie.digest(node), refTokens: trie.refTokens(node) }))).toEqual(prefixes)
  }
})
