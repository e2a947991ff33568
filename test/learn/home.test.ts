import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Part, Reply } from '../../src/canonical/index.js'
import { NO_USAGE } from '../../src/canonical/index.js'
import { CHEAP_ABILITY, judge, loadWeights, shippedClassifier } from '../../src/classify/index.js'
import {
  type HomeRow,
  labelCall,
  readUserWeights,
  refit,
  replaceUserWeights,
  signsOfReply,
  undoUserWeights,
  withoutHome,
} from '../../src/learn/index.js'

const reply = (parts: readonly Part[], finish: Reply['choices'][number]['finish'] = 'stop'): Reply => ({
  choices: [{ parts, finish }],
  usage: NO_USAGE,
})
const text = (value: string): Part => ({ type: 'text', text: value })
const plain = { tools: [] }

describe('signs in an answer', () => {
  it.each([
    ['an answer', plain, reply([text('Oslo.')]), []],
    ['nothing', plain, reply([text('  ')]), ['empty']],
    ['no choice', plain, { choices: [], usage: NO_USAGE }, ['empty']],
    ['a refusal', plain, reply([text("I'm sorry, but I can't help with that.")]), ['refusal']],
    ['a refusal part', plain, reply([{ type: 'refusal', text: 'no' }]), ['refusal']],
    ['a cut', plain, reply([text('Once upon a')], 'length'), ['truncated']],
    ['words instead of JSON', { tools: [], output: { type: 'json' } }, reply([text('Sure! {')]), ['invalid-json']],
    ['JSON', { tools: [], output: { type: 'json' } }, reply([text('{"a":1}')]), []],
    [
      'broken arguments',
      { tools: [{ type: 'function', name: 'read' }] },
      reply([{ type: 'tool-call', id: '1', name: 'read', args: '{"path":' }]),
      ['tool-parse'],
    ],
    [
      'an unknown tool',
      { tools: [{ type: 'function', name: 'read' }] },
      reply([{ type: 'tool-call', id: '1', name: 'fly', args: '{}' }]),
      ['tool-parse'],
    ],
  ] as const)('%s', (_name, request, answer, signs) => {
    expect(signsOfReply(request, answer)).toEqual(signs)
  })
})

describe('labels', () => {
  it("a person's word outweighs every sign", () => {
    expect(labelCall(1, ['refusal', 'repeat'], true)).toEqual({ good: 1, weight: 1 })
  })
  it('the gravest sign counts', () => {
    expect(labelCall(null, ['truncated', 'empty'], true)).toEqual({ good: 0, weight: 0.5 })
  })
  it('a conversation that went on is mildly good, a last word says nothing', () => {
    expect(labelCall(null, [], true)?.good).toBeGreaterThan(0.5)
    expect(labelCall(null, [], false)).toBeNull()
  })
})

/** Calls of somebody whose questions about COBOL are hard for the model and whose greetings are not. */
function calls(count: number, cobolGood: number): readonly HomeRow[] {
  return Array.from({ length: count }, (_, i) => {
    const hard = i % 2 === 0
    return {
      id: String(i),
      session: `s${i % 20}`,
      prompt: hard
        ? `In our COBOL batch job number ${i} the PERFORM VARYING paragraph moves the wrong record`
        : `Say something nice about colour number ${i}`,
      ability: 0.5,
      good: hard ? cobolGood : 1,
      weight: 1,
    }
  })
}

describe('refit', () => {
  it('learns what fails here, reports the gain on sessions held out, and leaves the rest alone', () => {
    const result = refit(calls(120, 0), shippedClassifier())
    expect(result.gain).toBeGreaterThan(0)
    expect(result.after).toBeLessThan(result.before)
    const fresh = loadWeights(result.bytes as Uint8Array)
    const cobol = 'In our COBOL batch job the paragraph moves the wrong record again'
    expect(judge(cobol, fresh).logit).toBeGreaterThan(judge(cobol, shippedClassifier()).logit + 0.5)
    expect(judge(cobol, fresh).gain).toBeCloseTo(judge(cobol, shippedClassifier()).gain, 2)
    expect(fresh.hash).not.toBe(shippedClassifier().hash)
    expect(judge(cobol, { ...fresh, vectors: withoutHome(fresh.vectors) }).logit).toBeCloseTo(judge(cobol, shippedClassifier()).logit, 2)
  })
  it('gives the same bytes for the same calls and seed', () => {
    expect(refit(calls(80, 0), shippedClassifier(), 3).bytes).toEqual(refit(calls(80, 0), shippedClassifier(), 3).bytes)
  })
  it('keeps the present weights when there is too little', () => {
    expect(refit(calls(8, 0), shippedClassifier()).bytes).toBeNull()
  })
  it('keeps the present weights when calls turn out as predicted', () => {
    const expected = calls(80, 0).map((row) => ({
      ...row,
      good: 1 / (1 + Math.exp(judge(row.prompt, shippedClassifier()).logit + CHEAP_ABILITY - row.ability)),
    }))
    expect(refit(expected, shippedClassifier()).bytes).toBeNull()
  })
})

describe('the weights of the user', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weights-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('replace one another and can be undone', () => {
    const [first, second] = [Uint8Array.of(1, 2), Uint8Array.of(3)]
    expect(readUserWeights(folder)).toBeNull()
    replaceUserWeights(folder, first)
    replaceUserWeights(folder, second)
    expect([...(readUserWeights(folder) ?? [])]).toEqual([3])
    expect(undoUserWeights(folder)).toBe('previous')
    expect([...(readUserWeights(folder) ?? [])]).toEqual([1, 2])
    expect(() => undoUserWeights(folder)).toThrow('No weights were replaced')
  })
  it('give way to the shipped ones', () => {
    replaceUserWeights(folder, Uint8Array.of(1))
    expect(undoUserWeights(folder)).toBe('shipped')
    expect(readUserWeights(folder)).toBeNull()
  })
})
