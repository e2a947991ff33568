import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

let place: Place
const sandbox = (more: object = {}): void =>
  writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ sandbox: true, ...more }))
const json = async (...args: readonly string[]) => {
  const { code, out, err } = await place.cli([...args, '--json'])
  if (code !== 0) throw new Error(err)
  return JSON.parse(out)
}
beforeEach(() => {
  place = newPlace()
  sandbox()
})
afterEach(() => place.remove())

/** A small model that can do recipes and not COBOL. */
const labelled = (n: number): string =>
  Array.from({ length: n }, (_, i) => {
    const cobol = i % 2 === 0
    const prompt = cobol ? `fix the COBOL copybook of paragraph ${i} in batch ${i * 7}` : `what shall I cook on day ${i} with rice`
    return `${JSON.stringify({ id: String(i), prompt, models: { 'sandbox/small': { score: cobol ? 0 : 1 } } })}\n`
  }).join('')

describe('llmroute train', () => {
  it('corrects the weights by labelled questions, says by how much, and takes it back', async () => {
    writeFileSync(join(place.folder, 'own.jsonl'), labelled(60))
    const before = await json('analyze', 'fix the COBOL copybook of paragraph 99')
    const measured = await json('train', 'own.jsonl', '--dry-run')
    expect(measured).toMatchObject({ method: 'correction', rows: 60, better: true, replaced: false })
    expect((await json('analyze', 'fix the COBOL copybook of paragraph 99')).difficulty).toBe(before.difficulty)
    const trained = await json('train', 'own.jsonl')
    expect(trained).toMatchObject({ replaced: true, gain: measured.gain, weights: join(place.folder, 'weights.bin') })
    expect(trained.after).toBeLessThan(trained.before)
    expect((await json('analyze', 'fix the COBOL copybook of paragraph 99')).difficulty).toBeGreaterThan(before.difficulty + 0.2)
    expect(await json('train', '--undo')).toEqual({ weights: 'shipped' })
    expect(await json('analyze', 'fix the COBOL copybook of paragraph 99')).toEqual(before)
    expect((await place.cli(['train', '--undo'])).code).toBe(3)
  })

  it('gives the same bytes for the same data and seed', async () => {
    writeFileSync(join(place.folder, 'own.jsonl'), labelled(60))
    await json('train', 'own.jsonl', '--seed', '4', '--output', 'a.bin')
    await json('train', 'own.jsonl', '--seed', '4', '--out', 'b.bin')
    expect(readFileSync(join(place.folder, 'a.bin')).equals(readFileSync(join(place.folder, 'b.bin')))).toBe(true)
  })

  it('learns from calls of the ledger, and never from those that the configuration leaves out', async () => {
    expect((await place.cli(['train'])).code).toBe(3)
    expect(await place.cli(['ask', 'Name three primes.'])).toMatchObject({ code: 0, err: '' })
    expect(await place.cli(['feedback', 'last', 'bad'])).toMatchObject({ code: 0 })
    const { code: nothing, out } = await place.cli(['train', '--json'])
    expect([nothing, JSON.parse(out)]).toEqual([
      3,
      expect.objectContaining({ method: 'correction', rows: 1, replaced: false, reason: expect.stringContaining('Too little') }),
    ])
    sandbox({ classifier: { neverLearnFrom: ['profile:balanced'] } })
    const { code, err } = await place.cli(['train'])
    expect([code, err]).toEqual([3, expect.stringContaining('No call in the ledger says how its answer was')])
  })

  it('refuses what it cannot read', async () => {
    writeFileSync(join(place.folder, 'bad.jsonl'), '{"prompt":"a","models":{"no-such-model-9":{"score":1}}}\n')
    expect(await place.cli(['train', 'bad.jsonl'])).toMatchObject({ code: 3, err: expect.stringContaining('No model of these rows') })
    writeFileSync(join(place.folder, 'worse.jsonl'), '{"question":"a"}\n')
    expect(await place.cli(['train', 'worse.jsonl'])).toMatchObject({ code: 1, err: expect.stringContaining('line 1') })
    expect((await place.cli(['train', 'none.jsonl'])).code).toBe(2)
    writeFileSync(join(place.folder, 'few.jsonl'), labelled(20))
    expect(await place.cli(['train', 'few.jsonl', '--anew'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('too few to fit anew'),
    })
  })
})

describe('llmroute examples', () => {
  it('adds, lists and tests, and requests alike are judged by them', async () => {
    const before = await json('analyze', 'Reconcile the ledger of branch 14')
    expect(before.complexity).not.toBe('complex')
    const other = await json('analyze', 'Name three primes.')
    await json('examples', 'add', 'Reconcile the ledger of branch 12', '--task', 'analysis', '--complexity', 'complex')
    expect(await json('examples', 'list', '--own')).toEqual([
      { text: 'Reconcile the ledger of branch 12', task: 'analysis', complexity: 'complex', from: 'yours' },
    ])
    expect(await json('analyze', 'Reconcile the ledger of branch 14')).toMatchObject({ task: 'analysis', complexity: 'complex' })
    expect(await json('analyze', 'Name three primes.')).toEqual(other)
    expect(await json('examples', 'test')).toMatchObject({ examples: expect.any(Number), wrong: expect.any(Array) })
    expect((await place.cli(['examples', 'add', 'x', '--task', 'cooking', '--complexity', 'simple'])).code).toBe(2)
  })

  it('keeps them in the file that the configuration names', async () => {
    sandbox({ classifier: { examples: join(place.folder, 'team.jsonl') } })
    await json('examples', 'add', 'Sort the post', '--task', 'classification', '--complexity', 'simple')
    expect(readFileSync(join(place.folder, 'team.jsonl'), 'utf8')).toBe(
      '{"text":"Sort the post","task":"classification","complexity":"simple"}\n',
    )
  })
})
