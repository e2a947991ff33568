import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withOpenLedger } from '../../src/ledger/index.js'
import { newPlace, type Place } from './run-cli.js'

let place: Place
beforeEach(() => {
  place = newPlace()
  writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ sandbox: true }))
})
afterEach(() => place.remove())

const LINES = [
  'Name three primes.',
  '{"id": "b", "prompt": "Say hello"}',
  '{"custom_id": "c", "method": "POST", "url": "/v1/responses", "body": {"model": "auto", "input": "hello"}}',
  '{"custom_id": "d", "params": {"model": "auto", "max_tokens": 50, "messages": [{"role": "user", "content": "hello"}]}}',
  '{"key": "e", "request": {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}}',
  '{"custom_id": "f", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "nobody/none", "messages": [{"role": "user", "content": "hello"}]}}',
]

it('takes a file of every form of line, does its work, and gives each answer in the form of its line', async () => {
  const submitted = await place.cli(['batch', 'submit', '--json'], { stdin: LINES.join('\n') })
  expect(submitted).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(submitted.out)).toMatchObject({ status: 'running', lines: 6, done: 0, costUsd: 0 })
  const waited = await place.cli(['batch', 'wait', '--json'])
  expect(JSON.parse(waited.out)).toMatchObject({ status: 'ended', done: 6, counts: { ok: 5, failed: 1 } })
  const results = (await place.cli(['batch', 'results'])).out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(JSON.parse((await place.cli(['batch', 'results', '--json'])).out)).toEqual(results)
  expect(await place.cli(['batch', 'results', '--output', 'nowhere/answers.jsonl'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/nowhere\/answers\.jsonl cannot be opened \(ENOENT\)/),
  })
  const note = {
    call: expect.any(String),
    model: expect.stringMatching(/^sandbox\//),
    tier: 'standard',
    costUsd: expect.any(Number),
    status: 'ok',
  }
  expect(results[0]).toEqual({ id: '1', text: expect.stringMatching(/simulated/), llmroute: note })
  expect(results[1]).toEqual({ id: 'b', text: expect.any(String), llmroute: note })
  expect(results[2]).toMatchObject({
    custom_id: 'c',
    response: { status_code: 200, body: { object: 'response' } },
    error: null,
    llmroute: note,
  })
  expect(results[3]).toMatchObject({ custom_id: 'd', result: { type: 'succeeded', message: { type: 'message' } }, llmroute: note })
  expect(results[4]).toMatchObject({ key: 'e', response: { candidates: [expect.anything()] }, llmroute: note })
  expect(results[5]).toMatchObject({ custom_id: 'f', response: { status_code: 404, body: { error: { code: expect.anything() } } } })
  const calls = JSON.parse((await place.cli(['log', '--json'])).out) as { readonly status: string; readonly client: string }[]
  expect(calls.map((call) => call.status)).toEqual(Array(5).fill('ok'))
})

it('says what is wrong with a file, naming the line', async () => {
  const ran = await place.cli(['batch', 'submit'], { stdin: 'hello\n{"custom_id": "x", "body"\n' })
  expect(ran.code).toBe(2)
  expect(ran.err).toMatch(/line 2: this is not valid JSON/)
  expect((await place.cli(['batch', 'submit'], { stdin: '{"id":"a","prompt":"x"}\n{"id":"a","prompt":"y"}' })).err).toMatch(
    /"a" is there twice/,
  )
  expect(await place.cli(['batch', 'submit'], { stdin: '\n\n' })).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^llmroute: stdin: there is no line/),
  })
  expect(await place.cli(['batch', 'submit', '--deadline', '0s'], { stdin: 'hello\n' })).toMatchObject({
    code: 2,
    err: 'llmroute: a batch may wait between a second and thirty days. Give --deadline a duration such as 24h.\n',
  })
})

it('begins nothing more of a job that is cancelled', async () => {
  await place.cli(['batch', 'submit'], { stdin: 'one\ntwo\nthree\n' })
  expect((await place.cli(['batch', 'cancel'])).out).toMatch(/is being cancelled/)
  expect(JSON.parse((await place.cli(['batch', 'wait', '--json'])).out)).toMatchObject({ status: 'ended', counts: { cancelled: 3, ok: 0 } })
  expect((await place.cli(['batch', 'status'])).out).toMatch(/ cancelled +0\/3 /)
})

it('keeps no key that stands among the tags of a job', async () => {
  await place.cli(['batch', 'submit', '--tags', 'nightly, sk-proj-abcdefghijklmnopqrstuvwxyz012345'], { stdin: 'one\n' })
  const terms = await withOpenLedger(place.db, { readonly: true }, ({ batch }) =>
    batch.jobs().map((job) => JSON.parse(job.terms) as unknown),
  )
  expect(terms).toEqual([expect.objectContaining({ tags: ['nightly', '[redacted:sk-p]'] })])
})
