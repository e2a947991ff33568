import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { classify } from '../../src/classify/index.js'
import { ask } from './read-fixture.js'

/** The same twelve prompts in eight languages, from easy to hard. */
const PROMPTS: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('../fixtures/parallel-prompts.json', import.meta.url), 'utf8'),
)
const difficulty = (language: string): readonly number[] =>
  (PROMPTS[language] as readonly string[]).map((text) => classify(ask(text)).difficulty.p)

/** Ranks, shared ones averaged. */
function ranks(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b)
  return values.map((v) => (sorted.indexOf(v) + sorted.lastIndexOf(v)) / 2)
}

/** Spearman's rank correlation. */
function agreement(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)]
  const mean = (a.length - 1) / 2
  const dot = (p: readonly number[], q: readonly number[]): number =>
    p.reduce((sum, v, i) => sum + (v - mean) * ((q[i] as number) - mean), 0)
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

describe.each(Object.keys(PROMPTS))('%s', (language) => {
  it('is recognised', () => {
    const told = (PROMPTS[language] as readonly string[]).map((text) => classify(ask(text)).language)
    expect(told.filter((l) => l === language).length).toBeGreaterThanOrEqual(8)
  })
  it('ranks the prompts as English does, and better than their length would', () => {
    const english = difficulty('en')
    const own = agreement(difficulty(language), english)
    expect(own).toBeGreaterThan(0.7)
    const lengths = (PROMPTS[language] as readonly string[]).map((text) => text.length)
    expect(own).toBeGreaterThan(agreement(lengths, english))
  })
})
