import { describe, expect, it } from 'vitest'
import type { Message, Request } from '../../src/canonical/index.js'
import { classify } from '../../src/classify/index.js'

const base: Request = { format: 'openai-chat', model: 'auto', messages: [], tools: [], sampling: {}, stream: true }
const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })
const ask = (text: string): Request => ({ ...base, messages: [user(text)] })

describe('classify', () => {
  it.each(['hi', 'list the files', 'rename this variable'])('%s is simple', (text) => {
    expect(classify(ask(text)).complexity).toBe('simple')
  })
  it('an investigation with a redesign is complex', () => {
    expect(classify(ask('find out why this deadlocks under load and redesign the locking')).complexity).toBe('complex')
  })
  it.each([
    ['Translate to French: good morning', 'translation'],
    ['Summarize the following article', 'summarization'],
    ['Is the sentiment of this review positive?', 'classification'],
    ['write a python function that reverses a list', 'code'],
    ['hi', 'chat'],
    ['What is the capital of Peru?', 'question'],
  ])('%s is %s', (text, task) => {
    expect(classify(ask(text)).task).toBe(task)
  })
})

it('says the same of a text whenever it is asked, and whatever it was asked in between', () => {
  const asked = (n: number) => classify(ask(`Write a function that returns ${n}, and explain why it deadlocks`))
  const first = asked(0)
  for (let n = 1; n < 200; n++) expect(asked(n).difficulty.p).not.toBeNaN()
  expect(asked(0)).toEqual(first)
  // The one that was asked about just now is not read again.
  expect(asked(0)).toEqual(first)
})
