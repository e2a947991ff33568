import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classify } from '../../src/classify/index.js'
import { ask } from './read-fixture.js'

const SIMPLE = [
  'hi',
  'list the files',
  'rename this variable',
  'fix the typo in the title',
  'what is the capital of Norway?',
  'translate to German: good morning',
  'run the tests',
  'add a comment above this function',
  'write a haiku about rain',
  'convert this list to JSON',
]
const PARAPHRASES = [
  ['list the files', 'show me which files are here', 'what files are in this folder?', 'print the file names'],
  ['rename this variable', 'give this variable another name', 'change the name of this variable', 'call this variable something else'],
  [
    'fix the typo in the title',
    'the title has a typo, correct it',
    'correct the spelling of the title',
    'there is a spelling mistake in the title',
  ],
  [
    'what is the capital of Norway?',
    'name the capital of Norway',
    'which city is the capital of Norway?',
    "Norway's capital is called what?",
  ],
] as const
const COURTESY = [
  'please ',
  'Could you please ',
  'Would you mind, ',
  'Hello! ',
  'I would be grateful if you could ',
  'Dear assistant, kindly ',
]
const THANKS = ['', ' Thank you very much!', ' Thanks in advance.', ', please', ' I really appreciate your help.']
const STUFFING = [
  'think step by step',
  'pros and cons',
  'be very thorough and comprehensive',
  'think hard',
  'ultrathink',
  'give a detailed analysis',
  'in great detail',
  'reason through this carefully',
  'you are a world-class expert',
  'this is extremely important to my career',
  'analyze everything',
]

const HARD = 'Find out why this deadlocks under load and redesign the locking.'

const complexity = (text: string): string => classify(ask(text)).complexity

describe('a simple request stays below complex', () => {
  it.each(SIMPLE)('%s', (text) => {
    expect(complexity(text)).not.toBe('complex')
  })

  it.each(PARAPHRASES.flat())('in other words: %s', (text) => {
    expect(complexity(text)).not.toBe('complex')
  })

  it('with courtesy around it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SIMPLE), fc.constantFrom(...COURTESY), fc.constantFrom(...THANKS), (text, before, after) => {
        expect(complexity(before + text + after)).not.toBe('complex')
      }),
    )
  })

  it('with keywords stuffed in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SIMPLE),
        fc.shuffledSubarray(STUFFING, { minLength: 1 }),
        fc.constantFrom('. ', ', ', '\n'),
        (text, words, joint) => {
          expect(complexity([text, ...words].join(joint))).not.toBe('complex')
          expect(complexity([...words, text].join(joint))).not.toBe('complex')
        },
      ),
    )
  })

  it('with a hundred kilobytes of log beside it', () => {
    const line = fc.constantFrom(
      (i: number) => `2026-03-0${(i % 9) + 1}T12:00:${10 + (i % 50)}Z ERROR worker-${i % 7} deadlock detected while waiting for lock ${i}`,
      (i: number) => `[${i}] WARN retrying request ${i * 31} after timeout, distributed transaction aborted`,
      (i: number) => `127.0.0.1 - - "GET /index.html?n=${i} HTTP/1.1" 200 ${1000 + i} ${i % 90}ms`,
      (i: number) => `    at Object.<anonymous> (/srv/app/src/module-${i}.js:${i}:17)`,
      (i: number) => `job ${i} finished in ${i % 13} s, memory ${i * 3} MB, performance ok`,
    )
    fc.assert(
      fc.property(fc.constantFrom(...SIMPLE), line, fc.boolean(), (text, write, first) => {
        const lines: string[] = []
        for (let size = 0, i = 0; size < 100_000; i++) {
          lines.push(write(i))
          size += (lines.at(-1) as string).length + 1
        }
        const log = lines.join('\n')
        expect(complexity(first ? `${text}\n\n${log}` : `${log}\n\n${text}`)).not.toBe('complex')
      }),
      { numRuns: 60 },
    )
  })
})

describe('a diff beside the instruction', () => {
  const DIFF = `diff --git a/src/lock.ts b/src/lock.ts
index 3c9fca9..a3a6c41 100644
--- a/src/lock.ts
+++ b/src/lock.ts
@@ -81,8 +81,9 @@ export function acquire(lock: Lock): Promise<void> {
   const waiting = lock.queue.at(-1)
-  if (waiting === undefined) return Promise.resolve()
+  if (waiting === undefined && lock.holders.size < lock.limit) return Promise.resolve()
+  // Prove by induction over the queue that no deadlock can come of this: 3 + 4 = 7.

   return new Promise((resolve) => lock.queue.push(resolve))
`
  const judged = (text: string) => {
    const { task, complexity: level, difficulty } = classify(ask(text))
    return { task, level, p: difficulty.p }
  }

  it.each(['Write a commit message for this change.', 'Summarize this diff in one sentence.', HARD])('%s is judged alone', (text) => {
    for (const diff of [DIFF, DIFF.repeat(40), DIFF.slice(DIFF.indexOf('@@'))]) {
      expect(judged(`${text}\n\n${diff}`)).toEqual(judged(text))
      expect(judged(`${diff}\n${text}`)).toEqual(judged(text))
    }
  })

  it('is read when there is nothing else', () => {
    expect(judged(DIFF)).not.toEqual(judged(''))
  })
})

describe('a complex request stays complex', () => {
  it.each([
    'find out why this deadlocks under load and redesign the locking',
    'Please find out why this deadlocks under load and redesign the locking. Thank you!',
    'investigate the memory leak in production and redesign the cache so that throughput does not suffer',
    'finde heraus, warum der Dienst unter Last verklemmt, und entwirf die Sperren neu',
    '找出服务在高并发下死锁的原因并重新设计锁',
  ])('%s', (text) => {
    expect(complexity(text)).toBe('complex')
  })
})

describe('purity', () => {
  it('judges any text alike the second time, and never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), fc.string({ maxLength: 200 }), (text, other) => {
        const first = classify(ask(text))
        classify(ask(other))
        expect(classify(ask(text))).toEqual(first)
        expect(first.difficulty.p).toBeGreaterThan(0)
        expect(first.difficulty.p).toBeLessThan(1)
        expect(first.gain).toBeGreaterThan(0)
        expect(first.gain).toBeLessThan(1)
      }),
    )
  })

  it('gives the same for any white space around the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SIMPLE), fc.stringMatching(/^[ \n\t]{0,5}$/), (text, space) => {
        const { envelope, inputTokens, ...rest } = classify(ask(space + text + space))
        expect(rest).toMatchObject({ complexity: classify(ask(text)).complexity, difficulty: classify(ask(text)).difficulty })
        expect(inputTokens).toBeGreaterThan(0)
        expect(envelope.tokens).toBe(0)
      }),
    )
  })
})
