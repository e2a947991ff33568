import { expect, it } from 'vitest'
import { outline, readAll, scratch } from './read.js'

interface Line {
  readonly id?: string
  readonly request?: string
  readonly out?: number
  readonly at?: number
  readonly session?: string
  readonly side?: boolean
  readonly agent?: string
  readonly user?: string
  readonly usage?: object
  readonly content?: readonly object[]
  readonly more?: object
}

/** A line as Claude Code 2.1 writes it, fields and their order. */
function line({ id, request, out = 0, at = 0, session = 's1', side = false, agent, user, usage, content, more }: Line): string {
  const common = {
    uuid: `${Math.random()}`,
    timestamp: new Date(Date.UTC(2026, 10, 2, 12, 0, at)).toISOString(),
    sessionId: session,
    version: '2.1.329',
    ...more,
  }
  const head = { parentUuid: null, isSidechain: side, ...(agent === undefined ? {} : { agentId: agent }) }
  if (user !== undefined) return JSON.stringify({ ...head, type: 'user', message: { role: 'user', content: user }, ...common })
  const tokens = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: out, ...usage }
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-4-8',
    content: content ?? [{ type: 'text', text: 'x' }],
    usage: tokens,
  }
  return JSON.stringify({ ...head, message, requestId: request, type: 'assistant', ...common })
}

const file = (...lines: Line[]) => `${lines.map(line).join('\n')}\n`

/** Totals that ccusage 20.0.24 gives for the same files (`ccusage session --offline --json`): input and output tokens. */
const COUNTED: readonly (readonly [string, Readonly<Record<string, string>>, readonly [number, number]])[] = [
  [
    'one answer in three blocks',
    { 'a.jsonl': file({ id: 'm1', request: 'r1', out: 5 }, { id: 'm1', request: 'r1', out: 5 }, { id: 'm1', request: 'r1', out: 5 }) },
    [10, 5],
  ],
  ['one id, two requests', { 'a.jsonl': file({ id: 'm1', request: 'r1', out: 5 }, { id: 'm1', request: 'r2', out: 7 }) }, [20, 12]],
  ['one id, no request', { 'a.jsonl': file({ id: 'm1', out: 5 }, { id: 'm1', out: 7 }) }, [10, 7]],
  ['usage that grows', { 'a.jsonl': file({ id: 'm1', request: 'r1', out: 5 }, { id: 'm1', request: 'r1', out: 7 }) }, [10, 7]],
  ['usage that shrinks', { 'a.jsonl': file({ id: 'm1', request: 'r1', out: 9 }, { id: 'm1', request: 'r1', out: 7 }) }, [10, 9]],
  ['no id', { 'a.jsonl': file({ out: 5 }, { out: 7 }) }, [20, 12]],
  [
    'a resumed session that repeats the first',
    {
      'a.jsonl': file({ id: 'm1', request: 'r1', out: 7 }),
      'b.jsonl': file({ id: 'm1', request: 'r1', out: 7, session: 's2' }, { id: 'm2', request: 'r3', out: 100, session: 's2', at: 5 }),
    },
    [20, 107],
  ],
  [
    'one id, two sessions, no request',
    { 'a.jsonl': file({ id: 'm1', out: 5 }), 'b.jsonl': file({ id: 'm1', out: 7, session: 's2' }) },
    [20, 12],
  ],
  [
    'a side-chain in the same file',
    { 'a.jsonl': file({ id: 'm1', request: 'r1', out: 5 }, { id: 'm2', request: 'r2', out: 7, side: true }) },
    [20, 12],
  ],
  [
    'a side-chain that repeats the main conversation',
    { 'a.jsonl': file({ id: 'm1', request: 'r1', out: 5 }, { id: 'm1', request: 'r9', out: 7, side: true }) },
    [10, 5],
  ],
  [
    'a sub-agent in a file of its own',
    {
      's1.jsonl': file({ id: 'm1', request: 'r1', out: 5 }),
      's1/subagents/agent-x.jsonl': file({ id: 'm2', request: 'r2', out: 7, side: true, agent: 'x' }),
    },
    [20, 12],
  ],
  ['a damaged line', { 'a.jsonl': `{"parentUuid":\n${file({ id: 'm2', request: 'r2', out: 6 })}` }, [10, 6]],
]

it.each(COUNTED)('counts %s once', async (_, files, [input, output]) => {
  const { calls } = await readAll('claude-code', scratch(files))
  const sum = (kind: 'input' | 'output') => calls.reduce((n, c) => n + (c.usage[kind] ?? 0), 0)
  expect([sum('input'), sum('output')]).toEqual([input, output])
})

it('tells cache writes for 5 minutes and for an hour apart', async () => {
  const split = { cache_creation_input_tokens: 100, cache_creation: { ephemeral_5m_input_tokens: 40, ephemeral_1h_input_tokens: 60 } }
  const old = { cache_creation_input_tokens: 100, cache_read_input_tokens: 7 }
  const { calls } = await readAll(
    'claude-code',
    scratch({ 'a.jsonl': file({ id: 'a', request: 'a', usage: split }, { id: 'b', request: 'b', usage: old }) }),
  )
  expect(calls.map((c) => [c.usage.cacheRead, c.usage.cacheWrite5m, c.usage.cacheWrite1h])).toEqual([
    [0, 40, 60],
    [7, 100, null],
  ])
})

it('follows a tool loop whose results come between the blocks of one answer', async () => {
  const call = (id: string) => [{ type: 'tool_use', id, name: 'Grep', input: {} }]
  const result = (id: string, at: number) => ({
    user: 'x',
    at,
    more: { message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] } },
  })
  const { calls } = await readAll(
    'claude-code',
    scratch({
      'a.jsonl': file(
        { user: 'look', at: 1 },
        { id: 'm1', request: 'r1', at: 3, content: call('t1'), out: 9 },
        result('t1', 4),
        { id: 'm1', request: 'r1', at: 5, content: call('t2'), out: 9 },
        result('t2', 6),
        { id: 'm2', request: 'r2', at: 8, out: 3 },
      ),
    }),
  )
  expect(calls.map(outline)).toEqual(['user(text)', 'user(text) assistant(tool-call tool-call) tool(tool-result) tool(tool-result)'])
  expect(calls.map((c) => [c.turn, (c.endMs ?? 0) - c.atMs, c.usage.output])).toEqual([
    [1, 4000, 9],
    [2, 2000, 3],
  ])
  expect(calls[1]?.request?.tools.map((t) => t.name)).toContain('Grep')
})

it('keeps side-chains apart from the main conversation', async () => {
  const { calls } = await readAll(
    'claude-code',
    scratch({
      'a.jsonl': file(
        { user: 'main', at: 1 },
        { user: 'sub task', at: 2, side: true, agent: 'x' },
        { id: 'm1', request: 'r1', at: 3, side: true, agent: 'x' },
        { id: 'm2', request: 'r2', at: 4 },
        { user: 'go on', at: 5, side: true, agent: 'x' },
        { id: 'm3', request: 'r3', at: 6, side: true, agent: 'x' },
      ),
    }),
  )
  expect(calls.map((c) => [c.sideChain, c.turn, outline(c)])).toEqual([
    [null, 1, 'user(text)'],
    ['x', 1, 'user(text)'],
    ['x', 2, 'user(text) assistant(text) user(text)'],
  ])
})

it('starts anew after a compaction, and leaves out what was never sent', async () => {
  const { calls } = await readAll(
    'claude-code',
    scratch({
      'a.jsonl': file(
        { user: 'one', at: 1 },
        { id: 'm1', request: 'r1', at: 2, out: 1 },
        { user: 'summary', at: 3, more: { isCompactSummary: true } },
        { user: 'two', at: 4 },
        { id: 'm2', request: 'r2', at: 5, out: 1 },
        {
          at: 6,
          more: {
            message: { id: 'm3', role: 'assistant', model: '<synthetic>', content: [], usage: { input_tokens: 0, output_tokens: 0 } },
          },
        },
      ),
    }),
  )
  expect(calls.map(outline)).toEqual(['user(text)', 'user(text) user(text)'])
})

it('reports damaged lines with their place and goes on', async () => {
  const { calls, damage } = await readAll(
    'claude-code',
    scratch({ 'a.jsonl': `${file({ user: 'hi' })}{"parentUuid":null,"cut\n\n${file({ id: 'm', request: 'r', out: 2 })}{"parentUuid"` }),
  )
  expect(calls).toHaveLength(1)
  expect(damage.map((d) => [d.file.endsWith('a.jsonl'), d.line])).toEqual([
    [true, 2],
    [true, 5],
  ])
})

it('merges sessions that overlapped in the order of time, within the range asked for', async () => {
  const session = (name: string, times: readonly number[]) =>
    file(
      ...times.flatMap((at) => [
        { user: 'q', at, session: name },
        { id: `${name}${at}`, request: `${name}${at}`, at: at + 1, out: 1, session: name },
      ]),
    )
  const folder = scratch({ 'a.jsonl': session('a', [0, 20, 40]), 'b.jsonl': session('b', [10, 30]), 'c.jsonl': session('c', [35, 50]) })
  const order = async (options = {}) =>
    (await readAll('claude-code', folder, options)).calls.map((c) => `${c.session}${new Date(c.atMs).getUTCSeconds()}`)
  expect(await order()).toEqual(['a0', 'b10', 'a20', 'b30', 'c35', 'a40', 'c50'])
  expect(await order({ since: Date.UTC(2026, 10, 2, 12, 0, 20), until: Date.UTC(2026, 10, 2, 12, 0, 40) })).toEqual(['a20', 'b30', 'c35'])
})

it('takes the beginning of a session from its own times, not from those that an attachment quotes', async () => {
  const quoted = `{"timestamp":"2031-01-01T00:00:00.000Z"} ${'x'.repeat(9000)}`
  const attachment = JSON.stringify({ type: 'attachment', attachment: { content: quoted }, timestamp: '2026-11-02T12:00:00.000Z' })
  const folder = scratch({
    'a.jsonl': `${attachment}\n${file({ user: 'one', at: 1 }, { id: 'a1', request: 'r1', out: 1, at: 2 })}`,
    'b.jsonl': file({ user: 'two', at: 3, session: 's2' }, { id: 'b1', request: 'r2', out: 1, at: 4, session: 's2' }),
  })
  const { calls } = await readAll('claude-code', folder)
  expect(calls.map(({ session }) => session)).toEqual(['s1', 's2'])
})
