import { expect, it } from 'vitest'
import { budgetName } from '../../src/kit/index.js'

it.each([
  ['total', 'the budget'],
  ['total@2026-11-21', 'the daily budget'],
  ['total:/week@2026-11-16', 'the weekly budget'],
  ['key:k1@2026-11', 'the monthly budget of key k1'],
  ['profile:code/h14@2026-11-21', 'the hourly budget of profile code'],
  ['session:curl:a/b', 'the budget of session curl:a/b'],
])('the budget of the scope %s is called "%s"', (scope, name) => expect(budgetName(scope)).toBe(name))
