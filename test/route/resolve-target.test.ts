import { describe, expect, it } from 'vitest'
import { sandboxModels } from '../../src/catalog/index.js'
import type { Fault } from '../../src/kit/index.js'
import { findModel, modelNames, type NamedPolicy, type PoolModel, type Setup } from '../../src/route/index.js'
import { resolveTarget } from '../../src/route/resolve-target.js'

const pool = sandboxModels().map((rev): PoolModel => ({ rev, hash: rev.id, access: {} as PoolModel['access'] }))
const profile = (name: string) => [name, { policy: { name }, hash: name, revs: [] } as unknown as NamedPolicy] as const
const claude = { ...pool[0]!, rev: { ...pool[0]!.rev, id: 'anthropic/claude-opus-4-6', name: 'claude-opus-4-6' } }

const embedder = { ...pool[0]!, rev: { ...pool[0]!.rev, id: 'sandbox/larger', name: 'larger', kind: 'embedding' as const } }
const models = [...pool, claude, embedder]

const setup = {
  pool: models,
  byId: new Map(models.map((m) => [m.rev.id, m])),
  profiles: new Map([profile('balanced'), profile('code'), profile('think-high')]),
  defaultProfile: 'balanced',
  aliases: { 'gpt-4o': 'auto', 'gpt-4o-mini': 'auto:code', best: 'sandbox/large' },
} as unknown as Setup

describe('what a model name stands for', () => {
  it.each([
    ['auto', 'auto', 'balanced', null],
    ['Auto', 'auto', 'balanced', null],
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
    expect(resolveTarget(setup, 'llmroute-auto-xhigh', null).effort).toBe('xhigh')
    expect(resolveTarget(setup, 'auto:code-low', null)).toMatchObject({ effort: 'low', profile: { hash: 'code' } })
    expect(resolveTarget(setup, 'auto', null).effort).toBeNull()
  })

  it('does not take the end of a profile’s name for an effort', () => {
    expect(resolveTarget(setup, 'auto:think-high', null)).toMatchObject({ effort: null, profile: { hash: 'think-high' } })
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

  it('offers, and takes, a model of the kind that the request needs', () => {
    const hintOf = (kind: 'chat' | 'embedding') => {
      try {
        return expect.unreachable(String(resolveTarget(setup, 'sandbox/largest', null, kind)))
      } catch (error) {
        return (error as Fault).hint
      }
    }
    expect(hintOf('chat')).toContain('"sandbox/large"')
    expect(hintOf('chat')).not.toContain('sandbox/larger')
    expect(hintOf('embedding')).toContain('"sandbox/larger"')
    expect(hintOf('embedding')).not.toContain('"sandbox/large"')
    expect(resolveTarget(setup, 'sandbox/larger', null, 'embedding').pinned?.rev.id).toBe('sandbox/larger')
    expect(() => resolveTarget(setup, 'sandbox/larger', null)).toThrow(
      expect.objectContaining({
        code: 'E_BAD_REQUEST',
        param: 'model',
        message: 'sandbox/larger is an embedding model, which does not chat',
      }),
    )
    expect(() => resolveTarget(setup, 'sandbox/large', null, 'embedding')).toThrow(/a chat model, which makes no embeddings/)
  })

  it('says what in the request names a profile that is not there', () => {
    expect(() => resolveTarget(setup, 'auto:cod', null)).toThrow(expect.objectContaining({ param: 'model' }))
    expect(() => resolveTarget(setup, 'auto', 'cod')).toThrow(expect.objectContaining({ param: 'x-llmroute-profile' }))
  })

  it.each(['__proto__', 'constructor', 'toString', ''])('is not fooled by "%s"', (name) => {
    expect(() => resolveTarget(setup, name, null)).toThrow(expect.objectContaining({ status: 404 }))
  })

  it('lists every name that it would take', () => {
    for (const name of modelNames(setup, 'chat')) expect(() => resolveTarget(setup, name, null)).not.toThrow()
    expect(findModel(setup, 'nothing')).toBeNull()
  })
})
