import { describe, expect, it } from 'vitest'
import { classify } from '../../src/classify/index.js'
import { ask, readFixture, TURNS, withTurn } from './read-fixture.js'

const HARD = 'find out why this deadlocks under load and redesign the locking'
const SIMPLE = ['hi', 'list the files', 'rename this variable']
const OTHERS = [
  'add pagination to the orders endpoint',
  'why is my build failing?',
  'write a haiku about rain',
  'translate this file to French',
]

describe.each(TURNS)('%s', (name) => {
  const request = readFixture(name)
  it.each(SIMPLE)('"%s" is simple', (text) => {
    expect(classify(withTurn(request, text)).complexity).toBe('simple')
  })
  it('a redesign is complex', () => {
    expect(classify(withTurn(request, HARD)).complexity).toBe('complex')
  })
  it.each([...SIMPLE, HARD, ...OTHERS])('"%s" is judged as in a plain chat', (text) => {
    const { task, complexity, difficulty, gain, confidence, language } = classify(withTurn(request, text))
    const plain = classify(ask(text))
    expect({ task, complexity, difficulty, gain, confidence, language }).toEqual({
      task: plain.task,
      complexity: plain.complexity,
      difficulty: plain.difficulty,
      gain: plain.gain,
      confidence: plain.confidence,
      language: plain.language,
    })
  })
})

it('covers every client and at least ten envelopes', () => {
  expect(TURNS.length).toBeGreaterThanOrEqual(10)
})

describe('side calls', () => {
  it.each(['claude-2.1.197.title', 'opencode-1.18.33.chat-title'])('%s is a title', (name) => {
    expect(classify(readFixture(name))).toMatchObject({ sideKind: 'title', complexity: 'simple' })
  })
  it.each(TURNS)('%s is none', (name) => {
    expect(classify(readFixture(name)).sideKind).toBeNull()
  })
})
