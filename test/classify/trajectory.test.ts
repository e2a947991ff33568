import { describe, expect, it } from 'vitest'
import type { Message, Request } from '../../src/canonical/index.js'
import { classify, readTrajectory, readTurn, type Trajectory } from '../../src/classify/index.js'
import { ask } from './read-fixture.js'

const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })
const says = (text: string): Message => ({ role: 'assistant', parts: [{ type: 'text', text }] })
const call = (name: string, args: string): Message => ({ role: 'assistant', parts: [{ type: 'tool-call', id: 'c1', name, args }] })
const result = (text: string, isError = false): Message => ({
  role: 'tool',
  parts: [{ type: 'tool-result', callId: 'c1', parts: [{ type: 'text', text }], ...(isError ? { isError } : {}) }],
})
const conversation = (...messages: Message[]): Request => ({
  ...ask(''),
  messages,
  tools: ['bash', 'edit_file'].map((name) => ({ type: 'function', name })),
})
const read = (...messages: Message[]): Trajectory => {
  const request = conversation(...messages)
  return readTrajectory(request, readTurn(request))
}

describe('trajectory', () => {
  it('of a first message is empty', () => {
    expect(read(user('fix it'))).toEqual({
      userTurns: 1,
      loopLength: 0,
      inToolLoop: false,
      toolErrors: 0,
      failedChecks: 0,
      lastCheckFailed: false,
      checkRecovered: false,
      repeatedCalls: 0,
      sameFileEdits: 0,
      userCorrection: false,
      userRepeat: false,
      malformedCalls: 0,
      emptyAnswer: false,
      refusal: false,
    })
  })

  it('counts the steps of an open loop', () => {
    expect(
      read(user('fix it'), call('bash', '{"cmd":"ls"}'), result('a.ts'), call('bash', '{"cmd":"cat a.ts"}'), result('x')),
    ).toMatchObject({
      loopLength: 2,
      inToolLoop: true,
      repeatedCalls: 1,
    })
  })

  it.each([
    ['vitest', ' Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 30 passed (32)'],
    ['pytest', '=========== 1 failed, 12 passed in 0.52s ==========='],
    ['cargo', 'error[E0382]: borrow of moved value: `x`'],
    ['go', '--- FAIL: TestParse (0.00s)\nFAIL\nFAIL\texample.com/parse\t0.003s'],
    ['tsc', "src/a.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'."],
    ['python', 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nKeyError: 1'],
    ['npm', 'npm ERR! code ELIFECYCLE'],
  ])('sees that %s failed', (_name, output) => {
    expect(read(user('fix it'), call('bash', '{}'), result(output))).toMatchObject({ failedChecks: 1, lastCheckFailed: true })
  })

  it.each([
    ['vitest', ' Test Files  4 passed (4)\n      Tests  32 passed (32)'],
    ['pytest', '=========== 13 passed in 0.52s ==========='],
    ['cargo', 'test result: ok. 13 passed; 0 failed; 0 ignored'],
  ])('sees that %s passed after a failure', (_name, output) => {
    expect(read(user('fix it'), call('bash', '{"n":1}'), result('1 failed'), call('bash', '{"n":2}'), result(output))).toMatchObject({
      failedChecks: 1,
      lastCheckFailed: false,
      checkRecovered: true,
    })
  })

  it('reads nothing into plain output', () => {
    expect(read(user('look'), call('bash', '{}'), result('total 8\n-rw-r--r-- 1 me me 120 failing-tests.md'))).toMatchObject({
      failedChecks: 0,
      toolErrors: 0,
    })
  })

  it('counts errors of tools', () => {
    const messages = [
      user('fix it'),
      call('bash', '{"n":1}'),
      result('no such file', true),
      call('bash', '{"n":2}'),
      result('Process exited with code 2'),
    ]
    expect(read(...messages)).toMatchObject({ toolErrors: 2 })
  })

  it('counts repeated calls and edits of one file', () => {
    const edit = (n: number): Message => call('edit_file', `{"path":"src/a.ts","old":"${n}"}`)
    expect(read(user('fix it'), edit(1), result('ok'), edit(2), result('ok'), edit(2), result('ok'))).toMatchObject({
      repeatedCalls: 2,
      sameFileEdits: 3,
    })
  })

  it('counts malformed arguments', () => {
    expect(read(user('fix it'), call('bash', '{"cmd": "ls'), result('bad'))).toMatchObject({ malformedCalls: 1 })
  })

  it.each([
    'no, that is wrong',
    "it still doesn't work",
    'I said the other file',
    '不对，还是报错',
    'geht immer noch nicht',
    'нет, не работает',
    'no that is the wrong file',
    "No, that's all wrong",
    'Actually, use the other file.',
    'actually that works only on Linux',
    "Actually, it's right there in the config",
    "This doesn't compile",
    'That’s not what I meant',
    'Nein, das stimmt nicht.',
    'sigue sin funcionar',
    '还是不行',
  ])('hears a correction in "%s"', (text) => {
    expect(read(user('fix the parser'), says('Done.'), user(text))).toMatchObject({ userCorrection: true, userTurns: 2 })
  })

  it.each([
    'No problem, thanks!',
    "no, it's perfect",
    'nope, all good',
    'Nein, danke',
    'Non merci',
    'No, gracias',
    'não, obrigado',
    'нет, спасибо',
    "This doesn't matter, go on",
    'no, thanks',
    'actually that works',
    'Actually, it works now. Thanks!',
    "Actually, that's fine.",
    'actually, never mind',
    "No, that's all.",
    'no need to change the tests',
    'sigue con el siguiente paso',
    '还是用 Python 吧',
  ])('hears none in "%s"', (text) => {
    expect(read(user('fix the parser'), says('Done.'), user(text))).toMatchObject({ userCorrection: false })
  })

  it('does not take a first message for a correction', () => {
    expect(read(user('no tests exist yet, write some'))).toMatchObject({ userCorrection: false })
  })

  it('hears a question asked again', () => {
    expect(read(user('how do I parse the date here?'), says('Like this.'), user('How do I parse the date here'))).toMatchObject({
      userRepeat: true,
    })
    expect(read(user('how do I parse the date here?'), says('Like this.'), user('and where is the time zone set?'))).toMatchObject({
      userRepeat: false,
    })
  })

  it('sees empty and refused answers', () => {
    expect(read(user('a'), says(' '), user('hello?'))).toMatchObject({ emptyAnswer: true })
    expect(read(user('a'), says("I'm sorry, but I can't help with that."), user('why?'))).toMatchObject({ refusal: true })
  })

  it('raises the difficulty with the evidence of failure, not with length', () => {
    const step = (n: number, output: string): Message[] => [call('bash', `{"n":${n}}`), result(output)]
    const calm = classify(conversation(user('add a test'), ...[1, 2, 3, 4].flatMap((n) => step(n, 'ok'))))
    const failing = classify(conversation(user('add a test'), ...[1, 2, 3, 4].flatMap((n) => step(n, '3 failed'))))
    expect(calm.difficulty.p).toBe(classify(conversation(user('add a test'))).difficulty.p)
    expect(failing.difficulty.p).toBeGreaterThan(calm.difficulty.p + 0.1)
  })
})
