import { describe, expect, it } from 'vitest'
import { budgetScopes, type SpendLimit } from '../../src/route/budget-scopes.js'
import { identifyClient, readSpeaker } from '../../src/route/identify-client.js'
import { readWishes } from '../../src/route/read-wishes.js'
import { responseHeaders } from '../../src/route/response-headers.js'

describe('who is speaking', () => {
  it.each([
    ['claude-cli/2.1.329 (external, sdk-cli)', 'claude-code'],
    ['codex_exec/0.169.0 (Debian 12; x86_64)', 'codex'],
    ['opencode/1.18.33 ai-sdk/openai', 'opencode'],
    ['OpenAI/JS 6.49.0', 'openai-sdk'],
    ['MyScript/1.0', 'myscript'],
    ['', 'unknown'],
  ])('%s is %s', (agent, name) => {
    expect(identifyClient({ 'user-agent': agent })).toBe(name)
  })

  it.each([
    [{ 'x-llmroute-session': 'a', 'x-claude-code-session-id': 'b' }, undefined, undefined, 'a'],
    [{ 'x-claude-code-session-id': 'b' }, undefined, undefined, 'b'],
    [{ 'session-id': 'c' }, 'k', undefined, 'c'],
    [{}, 'k', undefined, 'k'],
    [{}, undefined, '{"device_id":"d","session_id":"s1"}', 's1'],
    [{}, undefined, 'user_abc_account__session_0000-11', '0000-11'],
    [{}, undefined, 'just-a-user', null],
  ])('a session from %j, %s, %s is %s', (headers, cacheKey, userId, session) => {
    expect(readSpeaker(headers, cacheKey, userId)).toEqual({ session, agent: null })
  })

  it.each([
    [{ 'x-claude-code-session-id': 's', 'x-claude-code-agent-id': 'a', 'x-claude-code-parent-agent-id': 'p' }, 's', 'a'],
    [{ 'x-llmroute-session': 'mine', 'x-claude-code-session-id': 's', 'x-claude-code-agent-id': 'a' }, 'mine', 'a'],
    [{ 'session-id': 's', 'thread-id': 's' }, 's', null],
    [{ 'session-id': 's', 'thread-id': 't', 'x-codex-parent-thread-id': 's' }, 's', 't'],
    [{ 'x-claude-code-agent-id': '' }, null, null],
  ])('a sub-agent from %j', (headers, session, agent) => {
    expect(readSpeaker(headers, undefined, undefined)).toEqual({ session, agent })
  })
})

describe('what x-llmroute headers ask for', () => {
  it('is kept without what looks like a key', () => {
    const key = 'sk-abcdefghijklmnopqrstuvwxyz'
    expect(readWishes({ 'x-llmroute-tags': `a,${key}` }).tags).toEqual(['a', '[redacted:sk-a]'])
    expect(readSpeaker({ 'x-llmroute-session': key }, undefined, undefined).session).toBe('[redacted:sk-a]')
  })
  it('is read as UTF-8, which Node gives as Latin-1, and as Latin-1 where it is none', () => {
    const sent = (text: string) => Buffer.from(text).toString('latin1')
    expect(readWishes({ 'x-llmroute-tags': sent('ärger, 日本') }).tags).toEqual(['ärger', '日本'])
    expect(readSpeaker({ 'x-llmroute-session': sent('Besprechung für Zoë') }, undefined, undefined).session).toBe('Besprechung für Zoë')
    expect(readWishes({ 'x-llmroute-tags': 'ärger' }).tags).toEqual(['ärger'])
    expect(readWishes({ 'x-llmroute-tags': '日本' }).tags).toEqual(['日本'])
  })
  it('reads them all', () => {
    const headers = {
      'x-llmroute-profile': 'fast',
      'x-llmroute-tier': 'free',
      'x-llmroute-tags': 'a, b ,,c',
      'x-llmroute-include': 'metadata',
      'x-llmroute-store': 'none',
      'x-llmroute-deadline': '24h',
    }
    expect(readWishes(headers)).toEqual({
      profile: 'fast',
      tier: 'free',
      tags: ['a', 'b', 'c'],
      includeMetadata: true,
      store: false,
      deadlineMs: 86_400_000,
    })
  })
  it('asks for nothing by default, and refuses what it cannot read', () => {
    expect(readWishes({})).toMatchObject({ profile: null, store: true, deadlineMs: null })
    expect(() => readWishes({ 'x-llmroute-deadline': 'tomorrow' })).toThrow(
      expect.objectContaining({ status: 400, param: 'x-llmroute-deadline' }),
    )
    expect(readWishes({ 'x-llmroute-store': 'None' }).store).toBe(false)
    expect(() => readWishes({ 'x-llmroute-include': 'metadata, cost' })).toThrow(
      expect.objectContaining({ status: 400, param: 'x-llmroute-include', message: expect.stringContaining('"cost"') }),
    )
    expect(() => readWishes({ 'x-llmroute-store': 'no' })).toThrow(
      expect.objectContaining({ status: 400, param: 'x-llmroute-store', hint: expect.stringContaining('none') }),
    )
  })
})

describe('response headers', () => {
  const facts = {
    call: 'c',
    model: 'p/m',
    profile: 'x',
    reason: 'because',
    attempts: 1,
    estimatedCost: 1,
    estimatedSavings: -5_000_000,
    cost: null,
    savings: null,
    latencyMs: 12.6,
    simulated: false,
    notional: false,
  }
  it('write money as plain decimals, signed, and leave out what is unknown', () => {
    expect(responseHeaders(facts)).toMatchObject({
      'x-llmroute-estimated-cost-usd': '0.000000001',
      'x-llmroute-estimated-savings-usd': '-0.005',
      'x-llmroute-latency-ms': '13',
    })
    expect(responseHeaders(facts)).not.toHaveProperty('x-llmroute-cost-usd')
  })
  it('are all there when nothing was chosen and no price is known', () => {
    expect(responseHeaders({ ...facts, model: null, profile: null, estimatedCost: null, estimatedSavings: null })).toMatchObject({
      'x-llmroute-model': 'none',
      'x-llmroute-profile': 'none',
      'x-llmroute-estimated-cost-usd': 'unpriced',
      'x-llmroute-estimated-savings-usd': 'unpriced',
    })
  })
  it('cannot be made to carry a line break', () => {
    expect(responseHeaders({ ...facts, reason: 'a\r\nset-cookie: b', model: 'ü' })).toMatchObject({
      'x-llmroute-reason': 'a??set-cookie: b',
      'x-llmroute-model': '?',
    })
  })
})

describe('the budgets that a call draws on', () => {
  const at = Date.parse('2026-11-21T23:30:00Z')
  const limit = (kind: SpendLimit['kind'], per: SpendLimit['per'], id: string | null = null): SpendLimit => ({ kind, per, id, limit: 5 })
  const spender = { session: 's', profile: 'code', key: null }
  it('are named by their present period, local time', () => {
    const limits = [
      limit('total', 'day'),
      limit('total', 'month'),
      limit('session', 'total'),
      limit('profile', 'day', 'code'),
      limit('profile', 'day', 'other'),
      limit('key', 'day'),
    ]
    expect(budgetScopes(limits, spender, at, 60).map((b) => b.scope)).toEqual([
      'total@2026-11-22',
      'total@2026-11',
      'session:s',
      'profile:code@2026-11-22',
    ])
  })
  it('do not mix hours, days and weeks', () => {
    const scopes = budgetScopes([limit('total', 'hour'), limit('total', 'day'), limit('total', 'week')], spender, at, 0).map((b) => b.scope)
    expect(new Set(scopes).size).toBe(3)
    expect(budgetScopes([limit('total', 'week')], spender, at + 86_400_000, 0)[0]?.scope).toBe(scopes[2])
    expect(budgetScopes([limit('total', 'week')], spender, at + 2 * 86_400_000, 0)[0]?.scope).not.toBe(scopes[2])
  })
})
