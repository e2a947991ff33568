import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type BuildRecord, findHistory, type HistoryCall, importCalls } from '../../src/history/index.js'
import { readHistory } from '../../src/history/read-history.js'
import { digest } from '../../src/kit/index.js'
import { sampleAttempt, sampleOpen, sampleSettle, scratchLedger } from '../ledger/sample.js'
import { scratch } from './read.js'

const buildRecord: BuildRecord = (call) => {
  if (call.request === null) return { skip: 'no text' }
  const modelRev = digest(call.model)
  const request = call.request.messages.map((m) => ({ digest: digest(JSON.stringify(m)), json: JSON.stringify(m) }))
  const open = sampleOpen({
    id: call.id,
    decidedAtMs: call.atMs,
    session: call.session,
    turn: call.turn,
    client: call.client,
    source: `import:${call.source}`,
    policyHash: 'p',
  })
  const attempt = sampleAttempt({ t0: call.atMs, model: call.model, modelRev, outputTokens: call.usage.output, costNano: call.costNano })
  return {
    open,
    settle: sampleSettle(call.id, {
      settledAtMs: call.endMs ?? call.atMs,
      attempts: [attempt],
      costNano: call.costNano,
      model: call.model,
    }),
    remember: [
      { kind: 'policy', hash: 'p', json: '{}' },
      { kind: 'model_rev', hash: modelRev, json: JSON.stringify(call.model) },
    ],
    bodies: { request, reply: null },
    addedChars: request.reduce((sum, { json }) => sum + json.length, 0),
  }
}

function history(calls: number): AsyncGenerator<HistoryCall> {
  const line = (i: number) => ({
    model: `m${i % 3}`,
    time: 1793620800 + i,
    session: `s${i % 10}`,
    ...(i % 50 === 7 ? {} : { prompt: `question ${i}` }),
    usage: { output: i },
    costUsd: 1e-6,
  })
  const folder = scratch({ 'calls.jsonl': Array.from({ length: calls }, (_, i) => JSON.stringify(line(i))).join('\n') })
  return readHistory('jsonl', findHistory('jsonl', join(folder, 'calls.jsonl')))
}

it('imports logged calls whole, and a second time not again', async () => {
  const ledger = await scratchLedger()
  const seen: number[] = []
  // An import that is killed leaves no call without its messages, which the next one would not bring.
  const onProgress = ({ read }: { readonly read: number }) => {
    seen.push(read)
    expect(ledger.callsWithBodies().size).toBe(ledger.counts().calls)
  }
  const first = await importCalls(ledger, history(1500), buildRecord, { onProgress })
  expect(first).toEqual({ read: 1500, imported: 1470, known: 0, skipped: { 'no text': 30 } })
  expect(seen.length).toBeGreaterThan(1)
  expect(ledger.spend({ source: 'import:jsonl' })).toMatchObject({ calls: 1470, ok: 1470, costNano: 1_470_000 })
  expect(ledger.policies().get('p')).toBe('{}')
  expect(ledger.modelRevs().size).toBe(3)

  const again = await importCalls(ledger, history(1600), buildRecord)
  expect(again).toEqual({ read: 1600, imported: 98, known: 1470, skipped: { 'no text': 32 } })
  expect(ledger.counts()).toMatchObject({ calls: 1568, running: 0 })

  const decided = [...ledger.replay()].flat().filter((e) => e.kind === 'decided')
  expect(decided.map((e) => e.atMs)).toEqual(decided.map((e) => e.atMs).toSorted((a, b) => a - b))
  expect(ledger.bodiesOf(decided[0]?.id ?? '')?.request[0]?.json).toContain('question 0')
})

it('hands over no more text than the ledger can take in', async () => {
  const faults: unknown[] = []
  const ledger = await scratchLedger({ onError: (fault) => faults.push(fault) })
  const line = (i: number) => ({ model: 'm', time: 1793620800 + i, prompt: `${i} ${'x'.repeat(1e6)}`, usage: { output: 1 } })
  const folder = scratch({ 'calls.jsonl': Array.from({ length: 70 }, (_, i) => JSON.stringify(line(i))).join('\n') })
  const calls = readHistory('jsonl', findHistory('jsonl', join(folder, 'calls.jsonl')))
  expect(await importCalls(ledger, calls, buildRecord)).toMatchObject({ imported: 70 })
  expect(faults).toEqual([])
  expect(ledger.callsWithBodies().size).toBe(70)
})
