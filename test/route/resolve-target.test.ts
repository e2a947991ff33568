import { describe, expect, it } from 'vitest'
import { sandboxModels } from '../../src/catalog/index.js'
import { findModel, modelNames, type NamedPolicy, type PoolModel, type Setup } from '../../src/route/index.js'
import { resolveTarget } from '../../src/route/resolve-target.js'

const pool = sandboxModels().map((rev): PoolModel => ({ rev, hash: rev.id, access: {} as PoolModel['access'] }))
const profile = (name: string) => [name, { policy: { name }, hash: name, revs: [] } as unknown as NamedPolicy] as const
const claude = { ...pool[0]!, rev: { ...pool[0]!.rev, id: 'anthropic/claude-opus-4-6', name: 'claude-opus-4-6' } }

const setup = {
  pool: [...pool, claude],
  byId: new Map([...pool, claude].map((m) => [m.rev.id, m])),
  profiles: new Map([profile('balanced'), profile('code')]),
  defaultProfile: 'balanced',
  aliases: { 'gpt-4o': 'auto', 'gpt-4o-mini': 'auto:code', best: 'sandbox/large' },
} as unknown as Setup

describe('what a model name stands for', () => {
  it.each([
    ['auto', 'auto', 'balanced', null],
    ['auto:code', 'auto', 'code', null],
    ['llmroute-auto', 'auto', 'balanced', null],
    ['llmroute/auto', 'auto', 'balanced', null],
    ['llmroute-auto-high', 'auto', 'balanced', null],
    ['gpt-4o', 'alias', 'balanced', null],
    ['gpt-4o-mini', 'alias', 'code', null],
    ['best', 'alias', 'balanced', 'sandbox/large'],
    ['sandbox/tiny', 'pinned', 'balanced', 'sandbox/tiny'],
    ['tiny', 'pinned', 'balanced', 'sandbox/tiny'],
    ['claude-opus-4.6', 'pinned', 'balanced', 'anthropic/claude-opus-4-6'],
    ['Anthropic/Claude-Opus-4.6', 'pinned', 'balanced', 'anthropic/claude-opus-4-6'],
  ] as const)('%s', (name, mode, policy, pinned) => {
    const target = resolveTarget(setup, name, null)
    expect(target.mode).toBe(mode)
    expect(target.profile.policy.name).toBe(policy)
    expect(target.pinned?.rev.id ?? null).toBe(pinned)
  })

  it('takes the profile of a header, but a name in the model wins', () => {
    expect(resolveTarget(setup, 'auto', 'code').profile.policy.name).toBe('code')
    expect(resolveTarget(setup, 'auto:balanced', 'code').profile.policy.name).toBe('balanced')
  })

  it('reads an effort from the end of a neutral name', () => {
    expect(resolveTarget(setup, 'llmroute-auto-high', null).effort).toBe('high')
    expect(resolveTarget(setup, 'auto', null).effort).toBeNull()
  })

  it.each([
    ['sandbox/lage', /sandbox\/large/],
    ['auto:cod', /code/],
    ['claude-opus-4.5', /claude-opus-4-6/],
  ])('names what %s may have meant', (name, hint) => {
    expect(() => resolveTarget(setup, name, null)).toThrow(
      expect.objectContaining({ code: 'E_UNKNOWN_MODEL', status: 404, final: true, hint: expect.stringMatching(hint) }),
    )
  })

  it('says what in the request names a profile that is not there', () => {
    expect(() => resolveTarget(setup, 'auto:cod', null)).toThrow(expect.objectContaining({ param: 'model' }))
    expect(() => resolveTarget(setup, 'auto', 'cod')).toThrow(expect.objectContaining({ param: 'x-llmroute-profile' }))
  })

  it.each(['__proto__', 'constructor', 'toString', ''])('is not fooled by "%s"', (name) => {
    expect(() => resolveTarget(setup, name, null)).toThrow(expect.objectContaining({ status: 404 }))
  })

  it('lists every name that it would take', () => {
    for (const name of modelNames(setup)) expect(() => resolveTarget(setup, name, null)).not.toThrow()
    expect(findModel(setup, 'nothing')).toBeNull()
  })
})
