import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RouterConfig, validateConfig } from '../../src/config/index.js'
import { type Ledger, openLedger } from '../../src/ledger/index.js'
import type { Inbound, Outlet } from '../../src/route/index.js'
import { buildRuntime, type Runtime } from '../../src/server/index.js'
import { asLogged, forecast, type Simulation, simulate, simulationJson, withModels } from '../../src/simulate/index.js'
import type { Answer, Dispatch } from '../../src/upstream/index.js'

const QUESTIONS = [
  'hi',
  'Translate "good morning" into German.',
  'Write a Python function that merges two sorted lists, with tests, and explain its complexity.',
  'Find out why this deadlocks under load and redesign the locking; consider retries, ordering and backpressure.',
]

function configOf(extra: Partial<RouterConfig>): RouterConfig {
  return {
    providers: {
      one: { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9/v1', apiKey: 'none' },
      two: { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9/v1', apiKey: 'none' },
    },
    models: [
      { id: 'one/small', price: { input: 0.2, output: 0.8, cacheRead: 0.02 }, quality: 0.7, contextWindow: 200_000 },
      { id: 'two/middle', price: { input: 1, output: 5, cacheRead: 0.1 }, quality: 0.85, contextWindow: 200_000 },
      { id: 'one/large', price: { input: 5, output: 25, cacheRead: 0.5 }, quality: 0.96, contextWindow: 200_000 },
    ],
    ledger: { bodies: 'none' },
    ...extra,
  }
}

/** Has its provider refuse more for an hour. */
const BUSY = 'Is anybody there?'
/** Fails at its first model, once BUSY has been answered. */
const LATE = 'Take your time: which of these two locks should go first?'

interface Body {
  readonly model: string
  readonly messages: readonly { readonly content: string }[]
}

/** Every fifth request is refused, so that another model has to answer. */
function flaky(): { readonly dispatch: Dispatch; readonly failLate: () => void } {
  let n = 0
  let failLate = (): void => {}
  const late = new Promise<void>((resolve) => {
    failLate = resolve
  })
  const dispatch: Dispatch = (request) => {
    const body = JSON.parse(typeof request.body === 'string' ? request.body : Buffer.from(request.body).toString()) as Body
    const times = { sent: performance.now(), firstByte: performance.now() }
    const asked = body.messages.at(-1)?.content
    const waits = asked === LATE && body.model === 'large'
    const fails = asked === BUSY || waits || (asked !== LATE && ++n % 5 === 0)
    const text = fails
      ? JSON.stringify({ error: { message: 'overloaded', type: 'server_error' } })
      : JSON.stringify({
          id: `c${n}`,
          object: 'chat.completion',
          created: 1,
          model: body.model,
          choices: [{ index: 0, message: { role: 'assistant', content: n % 3 === 0 ? '' : `Answer ${n}.` }, finish_reason: 'stop' }],
          usage: {
            prompt_tokens: 1500 + n,
            completion_tokens: 40 + n,
            total_tokens: 1540 + 2 * n,
            prompt_tokens_details: { cached_tokens: 1024 },
          },
        })
    const answer: Answer = {
      status: asked === BUSY ? 429 : fails ? 503 : 200,
      headers: { 'content-type': 'application/json', ...(asked === BUSY ? { 'retry-after': '3600' } : {}) },
      consume(sink) {
        sink(Buffer.from(text))
        return Promise.resolve()
      },
      resume() {},
    }
    return { answer: (waits ? late : Promise.resolve()).then(() => answer), times, cancel() {} }
  }
  return { dispatch, failLate }
}

async function ask(runtime: Runtime, session: string, messages: readonly unknown[], model = 'auto'): Promise<void> {
  const outlet: Outlet = { head: () => {}, write: () => true, end: () => {}, onDrain: () => {}, onGone: () => {} }
  const inbound: Inbound = {
    format: 'openai-chat',
    action: 'generate',
    headers: { 'content-type': 'application/json', 'x-llmroute-session': session },
    body: Buffer.from(JSON.stringify({ model, messages })),
    arrived: performance.now(),
  }
  await runtime.router.handle(inbound, outlet)
}

/** Conversations of four turns, several at once. */
async function converse(runtime: Runtime, name: string, sessions: number): Promise<void> {
  await Promise.all(
    Array.from({ length: sessions }, async (_, s) => {
      const messages: { role: string; content: string }[] = [{ role: 'system', content: 'You help with a small shop. '.repeat(200) }]
      for (let turn = 0; turn < 4; turn++) {
        messages.push({ role: 'user', content: QUESTIONS[(s + turn) % QUESTIONS.length] as string })
        await ask(runtime, `${name}-${s}`, messages)
        messages.push({ role: 'assistant', content: 'So be it.' })
      }
    }),
  )
}

const loaded = (extra: Partial<RouterConfig>) => ({ config: validateConfig(configOf(extra), null), path: null, folder })

let folder: string
let ledger: Ledger
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmroute-eventful-'))
  const db = join(folder, 'ledger.db')
  const { dispatch } = flaky()
  const runtime = await buildRuntime(loaded({ default: 'quality' }), { db, env: {}, appVersion: 'test', dispatch })
  await converse(runtime, 'quality', 8)
  await runtime.reload(
    loaded({ default: 'careful', profiles: { careful: { weights: { cost: 0.2, quality: 0.6, latency: 0.2 }, cascade: true } } }),
  )
  await converse(runtime, 'cascade', 8)
  await runtime.reload(
    loaded({
      default: 'thrifty',
      profiles: { thrifty: { weights: { cost: 0.1, quality: 0.9, latency: 0 }, budget: '3/day', budgetAction: 'downgrade' } },
    }),
  )
  await converse(runtime, 'budget', 12)
  await runtime.close()
  ledger = await openLedger(db)
})
afterAll(async () => {
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a log with failovers, a cascade, a budget and policies changed while it ran', () => {
  it('has all of these in it', () => {
    const calls = ledger.listCalls({ limit: 1000 })
    const attempts = calls.map((c) => ledger.attemptsOf(c.id))
    expect(attempts.some((list) => list.some((a) => a.outcome !== 'ok') && list.some((a) => a.outcome === 'ok'))).toBe(true)
    expect(new Set(calls.map((c) => c.profile))).toEqual(new Set(['quality', 'careful', 'thrifty']))
    const thrifty = calls.filter((c) => c.profile === 'thrifty').map((c) => c.chosen === 'one/large')
    expect(thrifty).toContain(true)
    expect(thrifty).toContain(false)
  })

  it('is reproduced, rechained and repriced to the last call', () => {
    const [s] = simulate(ledger, [asLogged()]) as [Simulation]
    const calls = ledger.listCalls({ limit: 1000 }).length
    expect(s).toMatchObject({ reproduced: calls, rechained: calls, repriced: calls, changed: 0 })
    expect(s.simulated.cost).toEqual({ value: s.actual.cost, low: s.actual.cost, high: s.actual.cost })
  })

  it('adds up on every side', () => {
    const [s] = simulate(ledger, [withModels(asLogged(), ['one/small', 'two/middle'])]) as [Simulation]
    const { errors, byDay, byRoute, baselines, simulated, actual } = s
    expect(errors.measured.cost + errors.substitution.cost.value).toBeCloseTo(simulated.cost.value, 0)
    expect(errors.measured.calls + errors.substitution.calls).toBe(s.calls)
    for (const groups of [byDay, byRoute]) {
      expect(groups.reduce((n, g) => n + g.calls, 0)).toBe(s.calls)
      expect(groups.reduce((n, g) => n + g.actualCost, 0)).toBe(actual.cost)
    }
    expect(baselines[0]).toMatchObject({ name: 'as it was', cost: actual.cost, savings: s.savings.value })
    expect(baselines.map((b) => b.name)).toContain('always one/large, the dearest')
    expect(s.offPolicy).toBeNull()
    expect(simulationJson(s).errors.behaviour.worseAnswers).toBeGreaterThan(0)
  })

  it('tells what was to be expected of the policy adopted last', () => {
    const found = forecast(ledger)
    expect(found).toMatchObject({ policy: 'thrifty', happened: { calls: 48 } })
    expect(found.predicted.costPerCall.low).toBeLessThanOrEqual(found.predicted.costPerCall.high)
  })
})

it('answers with the model that did, where one before it was passed over because its circuit had opened', async () => {
  const db = join(folder, 'passed-over.db')
  const { dispatch, failLate } = flaky()
  const able = loaded({ default: 'able', profiles: { able: { weights: { cost: 0, quality: 1, latency: 0 }, floor: 0 } } })
  const runtime = await buildRuntime(able, { db, env: {}, appVersion: 'test', dispatch })
  const waiting = ask(runtime, 'late', [{ role: 'user', content: LATE }])
  await ask(runtime, 'busy', [{ role: 'user', content: BUSY }], 'two/middle')
  failLate()
  await waiting
  await runtime.close()
  const passed = await openLedger(db, { readonly: true })
  const late = passed.listCalls({ session: 'late' })[0]
  expect(passed.attemptsOf(late?.id ?? '').map((a) => a.model)).toEqual(['one/large', 'one/small'])
  const [s] = simulate(passed, [asLogged()]) as [Simulation]
  await passed.close()
  expect(s).toMatchObject({ reproduced: 2, rechained: 2, changed: 0 })
  expect(s.simulated.cost.value).toBe(s.actual.cost)
})
