import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

/** Simulated models answer; every command here works on what was really recorded. */
describe('asking and looking back', () => {
  let place: Place
  beforeAll(async () => {
    place = newPlace()
    for (const prompt of ['Name three primes.', 'Prove that there are infinitely many primes.', 'Translate to French: good morning'])
      expect(await place.cli(['ask', '--sandbox', prompt])).toMatchObject({ code: 0, err: '' })
  })
  afterAll(() => place.remove())

  const json = async (...args: string[]): Promise<unknown> => {
    const { code, out, err } = await place.cli([...args, '--json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return JSON.parse(out)
  }

  it('streams the answer alone to stdout', async () => {
    const { out, err, code } = await place.cli(['ask', '--sandbox', 'Name three primes.'])
    expect(code).toBe(0)
    expect(out).toMatch(/^\[simulated answer from sandbox\/\w+\]/)
    expect(out.endsWith('\n')).toBe(true)
    expect(err).toBe('')
  })

  it('says on a terminal what the answer cost and how to see why', async () => {
    const { err } = await place.cli(['ask', '--sandbox', 'Name three primes.'], { tty: true, env: { NO_COLOR: '1' } })
    expect(err).toMatch(/^sandbox\/\w+ \(simulated\), \$0\.\d+, saved \$.* · llmroute explain 01/)
  })

  it('adds what is piped in to the prompt', async () => {
    await place.cli(['ask', '--sandbox', 'write a commit message'], { stdin: 'diff --git a/x b/x\n' })
    const { out } = await place.cli(['export', '--bodies'])
    const last = JSON.parse(out.trim().split('\n').at(-1) ?? '') as { request: unknown }
    expect(JSON.stringify(last.request)).toContain('write a commit message\\n\\ndiff --git a/x b/x')
    expect((await place.cli(['ask', '--sandbox', '-'], { stdin: 'only this\n' })).out).toMatch(/You asked: "only this"/)
  })

  it('attaches files: text, images, and nothing it cannot name', async () => {
    const text = join(place.folder, 'notes.txt')
    const image = join(place.folder, 'dot.png')
    const binary = join(place.folder, 'x.bin')
    writeFileSync(text, 'remember the milk')
    writeFileSync(image, Buffer.from('iVBORw0KGgo=', 'base64'))
    writeFileSync(binary, Buffer.from([0, 1, 2]))
    expect((await place.cli(['ask', '--sandbox', '-f', text, '-f', image, 'What is this?'])).code).toBe(0)
    const [call] = (await json('log', '--limit', '1')) as { id: string }[]
    expect(((await json('explain', call?.id ?? '')) as { signals: { needs: string[] } }).signals.needs).toContain('vision')
    const refused = await place.cli(['ask', '--sandbox', '-f', binary, 'What is this?'])
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toMatch(/neither text, an image nor a PDF/)
  })

  it('names what has no ASCII name', async () => {
    const config = join(place.folder, 'names.json')
    writeFileSync(config, JSON.stringify({ sandbox: true, rules: [{ name: '日本 größer', when: {}, use: 'sandbox/tiny' }] }))
    const answer = await json('ask', '--config', config, '--db', join(place.folder, 'names.db'), 'Name three primes.')
    expect((answer as { reason: string }).reason).toContain('日本 größer')
  })

  it('prints one document with --json, the explanation in it when asked', async () => {
    const answer = (await json('ask', '--sandbox', '--explain', 'Name three primes.')) as Record<string, unknown>
    expect(answer).toMatchObject({ simulated: true, attempts: 1, explanation: { chosen: answer.model, policy: { profile: 'balanced' } } })
    expect(answer.costUsd).toBeGreaterThan(0)
  })

  it('decides without sending or recording', async () => {
    const before = ((await json('log')) as unknown[]).length
    const plan = (await json('ask', '--sandbox', '--dry-run', 'Prove that there are infinitely many primes.')) as {
      call: { id: null }
      candidates: { model: string; veto: string | null }[]
      chosen: string
    }
    expect(plan.call).toMatchObject({ id: null, model: null, chosen: plan.chosen, attempts: 0, costUsd: null })
    const [listed] = (await json('log', '--limit', '1')) as object[]
    expect(Object.keys(plan.call).toSorted()).toEqual(Object.keys(listed ?? {}).toSorted())
    expect(plan.candidates.map(({ model }) => model)).toContain(plan.chosen)
    expect(((await json('log')) as unknown[]).length).toBe(before)
  })

  it('tells what the monitor shows as a document', async () => {
    const shown = (await json('monitor', '--snapshot')) as { calls: { id: string; costUsd: number }[]; today: Record<string, unknown> }
    const calls = (await json('log')) as { id: string; costUsd: number }[]
    expect(shown.calls.map(({ id, costUsd }) => ({ id, costUsd }))).toEqual(calls.map(({ id, costUsd }) => ({ id, costUsd })))
    expect(shown.today).toMatchObject({ calls: calls.length, unpricedCalls: 0, costUsd: expect.any(Number) })
  })

  it.each(['40', '80', '100', '200'])('keeps the list within %s columns, and shows ids that commands take', async (columns) => {
    const { out } = await place.cli(['log'], { env: { COLUMNS: columns } })
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(Number(columns))
    const id = out.split('\n')[1]?.split(' ')[0] ?? ''
    expect((await place.cli(['explain', id])).code).toBe(0)
    for (const command of ['report', 'models'])
      for (const line of (await place.cli([command], { env: { COLUMNS: columns } })).out.split('\n'))
        if (/^[A-Z]+ {2}|^sandbox\//.test(line)) expect(line.length).toBeLessThanOrEqual(Number(columns))
  })

  it('lists calls newest first with every field of the contract', async () => {
    const calls = (await json('log')) as Record<string, unknown>[]
    const fields = [
      'id',
      'startedAt',
      'status',
      'client',
      'sessionId',
      'profile',
      'requestedModel',
      'model',
      'task',
      'complexity',
      'difficulty',
    ]
    const more = [
      'stream',
      'attempts',
      'inputTokens',
      'cachedInputTokens',
      'cacheWriteTokens',
      'outputTokens',
      'reasoningTokens',
      'costUsd',
    ]
    for (const field of [...fields, ...more, 'baselineCostUsd', 'ttftMs', 'latencyMs', 'error']) expect(calls[0]).toHaveProperty(field)
    const times = calls.map(({ startedAt }) => String(startedAt))
    expect(times).toEqual(times.toSorted().reverse())
    expect(calls.every(({ status, client }) => status === 'ok' && client === 'llmroute')).toBe(true)
  })

  it('filters the list', async () => {
    const math = (await json('log', '--task', 'math')) as { task: string }[]
    expect(math.length).toBeGreaterThan(0)
    expect(new Set(math.map(({ task }) => task))).toEqual(new Set(['math']))
    expect(await json('log', '--until', '1d')).toEqual([])
    expect(await json('log', '--limit', '2')).toHaveLength(2)
    expect(await json('log', '--model', 'no/such')).toEqual([])
  })

  it('says which name of a filter no call has', async () => {
    const said = async (...args: readonly string[]): Promise<string> => (await place.cli(['log', ...args])).out
    expect(await said('--task', 'Math')).toBe("No call has the task 'Math'. Did you mean 'math'?\n")
    expect(await said('--client', 'cursor')).toMatch(/^No call has the client 'cursor'\. The ledger has calls with llmroute/)
    expect(await said('--task', 'math', '--until', '1d')).toBe('No call matches.\n')
  })

  it('shows one call by the first characters of its id, and the newest as last', async () => {
    const [newest] = (await json('log', '--limit', '1')) as { id: string }[]
    const shown = (await json('log', (newest?.id ?? '').toLowerCase())) as { id: string; attemptDetails: { outcome: string }[] }
    expect(shown.id).toBe(newest?.id)
    expect(shown.attemptDetails).toMatchObject([{ outcome: 'ok', purpose: 'serve' }])
    expect(((await json('log', 'last')) as { id: string }).id).toBe(newest?.id)
    expect((await place.cli(['log', 'last'])).out).toMatch(/Answered +sandbox\//)
  })

  it('explains a choice, with the change of one weight that would have turned it', async () => {
    const e = (await json('explain', 'last')) as Record<string, unknown> & {
      candidates: Record<string, unknown>[]
      flip: Record<string, unknown> | null
    }
    expect(Object.keys(e)).toEqual([
      'call',
      'signals',
      'policy',
      'deadline',
      'candidates',
      'chosen',
      'propensity',
      'reason',
      'flip',
      'turnsLeft',
      'cache',
      'runnerUp',
      'ladder',
    ])
    expect(e.policy).toMatchObject({ profile: 'balanced', weights: { cost: 0.35, quality: 0.45, latency: 0.2 }, rule: null })
    for (const field of ['model', 'costUsd', 'latencyMs', 'quality', 'scores', 'score', 'veto'])
      expect(e.candidates[0]).toHaveProperty(field)
    expect(e.candidates[0]?.model).toBe(e.chosen)
    expect((await place.cli(['explain', 'last'])).out).toMatch(/Reason[\s\S]*\nFlip/)
  })

  it('records feedback on a call', async () => {
    const { code, out } = await place.cli(['feedback', 'last', 'good', '--note', 'right at once'])
    expect(code).toBe(0)
    expect(out).toMatch(/was good for/)
    expect((await json('log', 'last')) as object).toMatchObject({ outcomes: [{ kind: 'feedback', value: 1, note: 'right at once' }] })
    expect((await place.cli(['feedback', 'last', 'maybe'])).code).toBe(2)
    expect((await place.cli(['feedback', 'nothing', 'good'])).code).toBe(1)
  })

  it('exports every call once, oldest first, as JSON Lines and CSV', async () => {
    const calls = (await json('log')) as { id: string }[]
    const lines = (await place.cli(['export'])).out.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(calls.map(({ id }) => id).reverse())
    const file = join(place.folder, 'calls.csv')
    expect((await place.cli(['export', '--format', 'csv', '--output', file])).out).toBe('')
    const csv = (await place.cli(['export', '--format', 'csv'])).out.trim().split('\n')
    expect(csv[0]).toMatch(/^id,startedAt,status,/)
    expect(csv).toHaveLength(calls.length + 1)
    const document = (await json('export')) as { id: string }[]
    expect(document.map(({ id }) => id)).toEqual(calls.map(({ id }) => id).reverse())
    expect(await json('export', '--since', '2099-01-01')).toEqual([])
  })

  it('reports what the log adds up to', async () => {
    const calls = (await json('log')) as { costUsd: number; baselineCostUsd: number }[]
    const report = (await json('report', '--by', 'task')) as {
      calls: number
      costUsd: number
      baselines: { name: string; savingsUsd: number }[]
      groups: { calls: number }[]
    }
    const sum = (pick: (call: (typeof calls)[number]) => number): number => calls.reduce((total, call) => total + pick(call), 0)
    expect(report.calls).toBe(calls.length)
    expect(report.costUsd).toBeCloseTo(
      sum((c) => c.costUsd),
      9,
    )
    expect(report.baselines).toHaveLength(1)
    expect(report.baselines[0]?.savingsUsd).toBeCloseTo(
      sum((c) => c.baselineCostUsd - c.costUsd),
      9,
    )
    expect(report.groups.reduce((total, group) => total + group.calls, 0)).toBe(calls.length)
    expect((await place.cli(['report'])).out).toMatch(/saved \$.* against sandbox\/thinker/)
  })

  it('fails as the client would be told when the model is unknown', async () => {
    const { code, out, err } = await place.cli(['ask', '--sandbox', '--model', 'sandbox/smal', 'hi'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^llmroute: .*sandbox\/smal.*sandbox\/small/)
  })

  it('ends with 130 when interrupted', async () => {
    expect((await place.cli(['ask', '--sandbox', 'hi'], { interrupted: AbortSignal.abort() })).code).toBe(130)
  })
})

it('takes every lone question for a conversation of its own, the same words too', async () => {
  const own = newPlace()
  for (let i = 0; i < 2; i++) expect((await own.cli(['ask', '--sandbox', 'Name three primes.'])).code).toBe(0)
  const calls = JSON.parse((await own.cli(['log', '--json'])).out) as { id: string; sessionId: string | null }[]
  expect(new Set(calls.map(({ sessionId }) => sessionId)).size).toBe(2)
  const [again] = calls
  expect((await own.cli(['log', '--json', '--session', again?.sessionId ?? ''])).out).toContain(again?.id)
  expect(JSON.parse((await own.cli(['simulate', '--preset', 'economy', '--json'])).out)).toMatchObject({ calls: 2, sessions: 2 })
  own.remove()
})
