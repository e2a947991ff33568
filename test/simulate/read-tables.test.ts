import { expect, it } from 'vitest'
import { readTables } from '../../src/simulate/logged-call.js'

it('knows a policy that a daemon wrote since the simulation began: its calls could not be read, and counted as not rebuilt', () => {
  const policies = new Map([['old', '{"name":"economy"}']])
  let reads = 0
  const tables = readTables({
    policies: () => {
      reads++
      return new Map(policies)
    },
    modelRevs: () => new Map(),
  })
  expect(tables.policy('old')?.name).toBe('economy')
  policies.set('new', '{"name":"quality"}')
  expect(tables.policy('new')?.name).toBe('quality')
  expect(tables.policy('new')).toBe(tables.policy('new'))
  // One that is nowhere is looked for once, not with each of its calls.
  const before = reads
  for (let i = 0; i < 3; i++) expect(tables.policy('nowhere')).toBeUndefined()
  expect(reads).toBe(before + 1)
})
