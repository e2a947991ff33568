import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findHistory } from '../../src/history/index.js'
import { FIXTURES, outline, readAll, scratch } from './read.js'

/** What real agents wrote: tokens (input, cache read, 5m, 1h, output), and what each request held. */
const CASES = [
  {
    source: 'claude-code',
    file: 'claude-code-2.1.197-4.jsonl',
    calls: [{ model: 'claude-opus-4-8', usage: [10, 0, 0, 0, 25], asked: 'user(text)', reply: 'reasoning text tool-call text', ms: 136 }],
  },
  {
    source: 'claude-code',
    file: 'claude-code-2.1.329-1.jsonl',
    calls: [{ model: 'claude-haiku-5-5', usage: [10, 0, 0, 0, 25], asked: 'user(text)', reply: 'reasoning text tool-call text', ms: 208 }],
  },
  {
    source: 'codex',
    file: 'codex-0.169.0-1.jsonl',
    calls: [
      {
        model: 'gpt-6.1-sol',
        usage: [10, 0, 0, null, 5],
        asked: 'developer(text) developer(text text text) developer(text) developer(text) user(text) user(text)',
        reply: 'text',
        ms: 6672,
      },
    ],
  },
  { source: 'codex', file: 'codex-0.169.0-2.jsonl', calls: [] },
  {
    source: 'gemini-cli',
    file: 'gemini-cli-1.jsonl',
    calls: [
      { model: 'gemini-2.5-pro', usage: [10, 0, null, null, 5], asked: 'user(text) user(text)', reply: 'tool-call', ms: 126 },
      {
        model: 'gemini-2.5-pro',
        usage: [10, 0, null, null, 5],
        asked: 'user(text) user(text) assistant(tool-call) tool(tool-result)',
        reply: 'text',
        ms: 55,
      },
    ],
  },
  { source: 'gemini-cli', file: 'gemini-cli-2.jsonl', calls: [] },
  {
    source: 'pi',
    file: 'pi-1.jsonl',
    calls: [
      { model: 'auto', usage: [10, 0, 0, null, 5], asked: 'user(text)', reply: 'reasoning tool-call', ms: 20 },
      {
        model: 'auto',
        usage: [10, 0, 0, null, 5],
        asked: 'user(text) assistant(reasoning tool-call) tool(tool-result)',
        reply: 'text',
        ms: 11,
      },
    ],
  },
  {
    source: 'qwen',
    file: 'qwen-0.15.10-1.jsonl',
    calls: [
      { model: 'auto', usage: [10, 0, null, null, 5], asked: 'user(text)', reply: 'reasoning text tool-call', ms: 38 },
      {
        model: 'auto',
        usage: [10, 0, null, null, 5],
        asked: 'user(text) assistant(reasoning text tool-call) tool(tool-result)',
        reply: 'text',
        ms: 19,
      },
    ],
  },
] as const

it.each(CASES)('reads what $source wrote ($file)', async ({ source, file, calls: expected }) => {
  const { calls, damage } = await readAll(source, join(FIXTURES, file))
  expect(damage).toEqual([])
  expect(
    calls.map((c) => ({
      model: c.model,
      usage: [c.usage.input, c.usage.cacheRead, c.usage.cacheWrite5m, c.usage.cacheWrite1h, c.usage.output],
      asked: outline(c),
      reply: c.reply.flatMap((m) => m.parts.map((p) => p.type)).join(' '),
      ms: (c.endMs ?? 0) - c.atMs,
    })),
  ).toEqual(expected)
  for (const [i, call] of calls.entries()) {
    expect(call).toMatchObject({ source, turn: i + 1, sideChain: null, status: 'ok' })
    expect(call.id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(call.request?.tools.length).toBeGreaterThan(0)
  }
})

it('counts calls of a sub-agent that left telemetry only', async () => {
  const { calls } = await readAll('qwen', join(FIXTURES, 'qwen-0.15.10-2.jsonl'))
  expect(calls.map((c) => [c.sideChain, c.request === null, c.usage.output])).toEqual([
    [null, false, 5],
    ['managed-auto-memory-extractor', true, 5],
  ])
})

it('gives the same ids whenever and from whatever copy it reads', async () => {
  for (const { source, file } of CASES) {
    const ids = (await readAll(source, join(FIXTURES, file))).calls.map((c) => c.id)
    expect((await readAll(source, join(FIXTURES, file))).calls.map((c) => c.id)).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  }
})

it('finds logs where each tool keeps them', () => {
  const home = scratch({
    '.claude/projects/-home-dev/a.jsonl': '',
    '.claude/projects/-home-dev/a/subagents/agent-1.jsonl': '',
    '.claude/history.jsonl': '',
    '.codex/sessions/2026/11/02/rollout-1.jsonl': '',
    '.gemini/tmp/demo/chats/session-1.json': '',
    '.gemini/tmp/demo/logs.json': '',
    '.qwen/projects/demo/chats/1.jsonl': '',
    '.pi/agent/sessions/demo/1.jsonl': '',
    'elsewhere/projects/x/b.jsonl': '',
  })
  const found = (source: Parameters<typeof findHistory>[0], env = {}) =>
    findHistory(source, undefined, { home, env }).map((f) => f.path.slice(home.length + 1).replaceAll('\\', '/'))
  expect(found('claude-code')).toEqual(['.claude/projects/-home-dev/a.jsonl', '.claude/projects/-home-dev/a/subagents/agent-1.jsonl'])
  expect(found('claude-code', { CLAUDE_CONFIG_DIR: join(home, 'elsewhere') })).toEqual(['elsewhere/projects/x/b.jsonl'])
  if (process.platform !== 'win32') symlinkSync(join(home, 'gone.jsonl'), join(home, '.codex/sessions/old.jsonl'))
  expect(found('codex')).toEqual(['.codex/sessions/2026/11/02/rollout-1.jsonl'])
  expect(found('gemini-cli')).toEqual(['.gemini/tmp/demo/chats/session-1.json'])
  expect(found('qwen')).toEqual(['.qwen/projects/demo/chats/1.jsonl'])
  expect(found('pi')).toEqual(['.pi/agent/sessions/demo/1.jsonl'])
  expect(() => found('litellm')).toThrow(expect.objectContaining({ code: 'E_USAGE' }))
  expect(() => found('codex', { CODEX_HOME: join(home, 'none') })).toThrow(expect.objectContaining({ code: 'E_EMPTY' }))
})
