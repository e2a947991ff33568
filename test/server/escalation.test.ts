import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildReport } from '../../src/report/index.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { runDaemon, type TestDaemon } from './run-daemon.js'

let provider: FakeProvider
let daemon: TestDaemon

beforeEach(async () => {
  provider = await startFakeProvider()
  daemon = await runDaemon({
    providers: { lab: { baseURL: `${provider.origin}/v1`, apiKey: 'sk' } },
    models: [
      { id: 'lab/small', price: { input: 0.1, output: 0.4 }, quality: 0.7 },
      { id: 'lab/large', price: { input: 5, output: 25 }, quality: 0.95 },
    ],
    default: 'thrifty',
    profiles: { thrifty: { weights: { cost: 1, quality: 0, latency: 0 }, floor: 0 }, flat: { extends: 'thrifty', ladder: false } },
  })
})

afterEach(async () => {
  await daemon.end()
  await provider.close()
})

type Said = Readonly<Record<string, unknown>>

const TOOL = { type: 'function', function: { name: 'bash', description: 'Runs a command.', parameters: { type: 'object' } } }
const FAILED = 'FAIL src/sum.test.ts\n  ✕ adds (3 ms)\n\nTests:       1 failed, 4 passed, 5 total\nnpm ERR! Test failed. Exit code 1'
const PASSED = 'PASS src/sum.test.ts\n\nTests:       5 passed, 5 total'

function step(n: number, command: string, output: string): readonly Said[] {
  const call = { id: `c${n}`, type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command }) } }
  return [
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: `c${n}`, content: output },
  ]
}

/** An agent's turns, each with what its tool said; the models that answered. */
async function session(steps: readonly (readonly [command: string, output: string])[], model = 'auto') {
  const talk: Said[] = [{ role: 'user', content: 'Fix the failing test of sum.' }]
  const models: (string | null)[] = []
  const reasons: string[] = []
  for (const [n, [command, output]] of [['', ''] as const, ...steps].entries()) {
    if (n > 0) talk.push(...step(n, command, output))
    const response = await daemon.post({ model, messages: talk, tools: [TOOL] }, { headers: { 'x-llmroute-session': 'agent' } })
    await response.text()
    models.push(response.headers.get('x-llmroute-model'))
    reasons.push(response.headers.get('x-llmroute-reason') ?? '')
  }
  return { models, reasons }
}

const failing = Array.from({ length: 6 }, (_, n): [string, string] => [`npm test -- --run ${n}`, FAILED])

it('moves a session up when its own turns show trouble, says so, records it, and holds on after a restart', async () => {
  const { models, reasons } = await session(failing)
  expect(models[0]).toBe('lab/small')
  expect(models.at(-1)).toBe('lab/large')
  const up = models.indexOf('lab/large')
  expect(reasons[up]).toMatch(/moved up to rung 1: .*(test|check|fail)/i)
  await daemon.ledger.flush()
  const outcomes = daemon.ledger.listCalls({}).flatMap((c) => daemon.call(c.id).outcomes.filter((o) => o.kind === 'ladder'))
  expect(outcomes.map((o) => o.value)).toContain(1)
  expect(outcomes[0]?.note).not.toBe('')
  expect(buildReport(daemon.ledger, { by: 'route', nowMs: Date.now() }).escalationRate).toBeGreaterThan(0)
  await daemon.restart()
  const again = await session([...failing, ['npm test', FAILED]])
  expect(again.models.at(-1)).toBe('lab/large')
})

it('comes down again after success', async () => {
  const calm = Array.from({ length: 12 }, (_, n): [string, string] => [`cat src/file${n}.ts`, 'export const a = 1'])
  const { models } = await session([...failing, ['npm test', PASSED], ...calm, ['npm test -- all', PASSED], ...calm.slice(0, 2)])
  expect(models).toContain('lab/large')
  expect(models.at(-1)).toBe('lab/small')
})

it.each<[string, readonly (readonly [string, string])[]]>([
  ['a search that finds nothing', Array.from({ length: 8 }, (_, n) => [`grep -rn thing${n} src`, ''] as const)],
  [
    'a first failing test, written on purpose',
    [
      ['npm test', FAILED],
      ['cat src/sum.ts', 'x'],
      ['npm test', PASSED],
      ['git diff', 'x'],
    ],
  ],
])('does not climb on %s', async (_name, steps) => {
  expect(new Set((await session(steps)).models)).toEqual(new Set(['lab/small']))
})

it('stays where it is for a pinned model, and in a profile without a ladder', async () => {
  expect(new Set((await session(failing, 'lab/small')).models)).toEqual(new Set(['lab/small']))
  expect(new Set((await session(failing, 'auto:flat')).models)).toEqual(new Set(['lab/small']))
})
