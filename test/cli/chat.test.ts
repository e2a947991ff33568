import { createInterface } from 'node:readline/promises'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readTurns } from '../../src/cli/ask/read-turns.js'
import { newPlace, type Place } from './run-cli.js'

let place: Place
beforeAll(() => {
  place = newPlace()
})
afterAll(() => place.remove())

async function turnsOf(...typed: readonly string[]): Promise<readonly string[]> {
  const stdin = new PassThrough()
  const input = createInterface({ input: stdin, output: new PassThrough(), terminal: true })
  const turns = readTurns(input, stdin)
  for (const text of typed) stdin.write(text)
  stdin.end()
  const read: string[] = []
  for await (const turn of turns) read.push(turn)
  return read
}

it('takes each line for a turn, and all lines of a paste for one', async () => {
  expect(await turnsOf('one\r', 'two\r')).toEqual(['one', 'two'])
  expect(await turnsOf('\u001b[200~Traceback:\r  line 1\r  lin', 'e 2\u001b[201~', ' why?\r', 'next\r')).toEqual([
    'Traceback:\n  line 1\n  line 2 why?',
    'next',
  ])
  expect(await turnsOf('\u001b[200~one\rtwo\r\u001b[201~')).toEqual(['one\ntwo'])
})

it('ends at /exit or /quit, and asks no model what they mean', async () => {
  for (const word of ['/exit', ' /quit ']) {
    const { code, out, err } = await place.cli(['chat', '--sandbox'], { stdin: `hello\n${word}\nnever asked\n` })
    expect(code).toBe(0)
    expect(out).toContain('hello')
    expect(out).not.toContain('never asked')
    expect(err.trim().split('\n')).toHaveLength(1)
  }
})

it('has no document to print', async () => {
  expect(await place.cli(['chat', '--json'], { stdin: 'hello\n' })).toMatchObject({ code: 2, out: '' })
})
