import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

/** One public benchmark as the only word on quality made another router choose its best model for 0.7% of hard requests. */

const HARD = [
  'find out why this deadlocks under load and redesign the locking',
  'Prove that every bounded sequence of reals has a convergent subsequence, and generalise the proof to compact metric spaces.',
  'Design a multi-region payment ledger with exactly-once semantics, and argue why no transfer can be lost or counted twice.',
  'Refactor this monolith into services without downtime: plan the migration of the database, the rollback and the tests for each step.',
]
const EASY = ['hi', 'list the files', 'What is the capital of Norway?']
const KEYS = { OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2', GEMINI_API_KEY: 'sk-3' }

interface Decision {
  readonly chosen: string
  readonly candidates: readonly { readonly model: string; readonly quality: number; readonly costUsd: number; readonly veto: unknown }[]
}

let place: Place
beforeAll(() => {
  place = newPlace()
})
afterAll(() => place.remove())

async function decide(profile: string, prompt: string, env: Readonly<Record<string, string>>) {
  const { code, out, err } = await place.cli(['ask', '--dry-run', '--json', '--profile', profile, prompt], { env })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const { chosen, candidates } = JSON.parse(out) as Decision
  const most = (of: (c: Decision['candidates'][number]) => number) => candidates.toSorted((a, b) => of(b) - of(a))[0]
  return { chosen: candidates.find((c) => c.model === chosen)!, best: most((c) => c.quality)!, cheapest: most((c) => -c.costUsd)! }
}

describe.each(Object.entries(KEYS))('the ready-made models of %s', (name, key) => {
  it.each(HARD)('a hard request gets the best of them, or its equal for less: %s', async (prompt) => {
    const { chosen, best } = await decide('quality', prompt, { [name]: key })
    expect(chosen.quality).toBeGreaterThanOrEqual(0.96 * best.quality)
    expect(chosen.costUsd).toBeLessThanOrEqual(best.costUsd)
  })

  it.each(EASY)('an easy one gets the cheapest: %s', async (prompt) => {
    const { chosen, cheapest } = await decide('economy', prompt, { [name]: key })
    expect(chosen.model).toBe(cheapest.model)
  })
})

it.each(HARD)('with all of them at hand the cheapest is not asked for: %s', async (prompt) => {
  const { chosen, best, cheapest } = await decide('balanced', prompt, KEYS)
  expect(chosen.quality).toBeGreaterThanOrEqual(0.88 * best.quality)
  expect(chosen.model).not.toBe(cheapest.model)
})
