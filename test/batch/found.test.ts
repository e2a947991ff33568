import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextStep } from '../../src/batch/choose-step.js'
import { readLines, showJob, submitJob } from '../../src/batch/index.js'
import { openLedger } from '../../src/ledger/index.js'
import { runDaemon, type TestDaemon } from '../server/run-daemon.js'
import { type BatchVendors, batchConfig, startBatchVendors } from '../upstreams/batch-vendors.js'
import { PATIENT, until } from './until.js'

vi.setConfig(PATIENT)

describe('the steps of a line', () => {
  const chain = fc.uniqueArray(
    fc.tuple(fc.constantFrom('a/1', 'b/2', 'c/3'), fc.constantFrom('', '@batch', '@flex')).map((t) => t.join('')),
    {
      minLength: 1,
    },
  )

  it('only go forward, and end', () => {
    fc.assert(
      fc.property(chain, fc.nat(10), fc.boolean(), (chain, step, live) => {
        const next = nextStep({ chain: JSON.stringify(chain), live }, step)
        if (next.kind === 'over') return
        expect(next.step).toBeGreaterThanOrEqual(step)
        expect(next.step).toBeLessThan(chain.length)
        expect(next.kind === 'batch').toBe(next.model.endsWith('@batch'))
      }),
    )
  })

  it('are no batch once what is left is asked live', () => {
    fc.assert(
      fc.property(chain, fc.nat(10), (chain, step) => {
        expect(nextStep({ chain: JSON.stringify(chain), live: true }, step).kind).not.toBe('batch')
      }),
    )
  })
})

describe('a batch that Anthropic made and nobody was told of', () => {
  let daemon: TestDaemon
  let vendors: BatchVendors
  afterEach(async () => {
    await daemon.end()
    await vendors.close()
  })

  it("is not mistaken for another's of the same size", async () => {
    vendors = await startBatchVendors({ delayMs: 100 })
    daemon = await runDaemon(batchConfig(vendors.url))
    // Somebody else's batch of two, made while ours was in doubt.
    const params = { model: 'claude-haiku-4-5', max_tokens: 5, messages: [{ role: 'user', content: 'not ours' }] }
    const requests = [1, 2].map((n) => ({ custom_id: `other-${n}`, params }))
    await daemon.stop()
    const ledger = await openLedger(`${daemon.folder}/ledger.db`)
    const lines = readLines('one\ntwo', () => 'openai-chat', { model: 'anthropic/claude-haiku-4.5' })
    const terms = { surface: 'cli', profile: null, key: null, tags: [], client: 'test', expired: null } as const
    await submitJob(ledger.batch, lines, terms, { atMs: Date.now(), deadlineMs: 86_400_000, id: 'batch_test' })
    await ledger.close()
    await daemon.restart()
    const store = () => daemon.ledger.batch
    await until(() => store().sent('batch_test').length > 0)
    await fetch(`${vendors.url}/v1/messages/batches`, { method: 'POST', body: JSON.stringify({ requests }) })
    const [sent] = store().sent('batch_test')
    // As if the answer to its creation had been lost.
    if (sent !== undefined) await store().mark(sent.id, { remote: null, askedAt: Date.now() - 10_000 })
    await until(() => store().job('batch_test')?.endedAt !== null)
    expect(showJob(store(), store().job('batch_test')!)).toMatchObject({ status: 'ended', counts: { ok: 2 } })
    expect(vendors.batched.map((item) => item.prompt).sort()).toEqual(['not ours', 'not ours', 'one', 'two'])
  })
})
