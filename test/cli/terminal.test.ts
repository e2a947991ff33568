import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

/** Would name the window, clear the screen and move the cursor up. */
const EVIL = 'hm \u001b]0;mine\u0007\u001b[2J\u009b5A.'
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const MOVES = /[\u0007\u009b]|\u001b(?!\[[\d;]*m)/

let place: Place
let config: string
const provider = createServer((req, res) => {
  req.resume().on('end', () => {
    const delta = { choices: [{ index: 0, delta: { content: EVIL }, finish_reason: 'stop' }] }
    if (req.headers['x-fail'] === 'late') {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${JSON.stringify(delta)}\n\n`)
      // Not with the first words, which would be no answer at all.
      setTimeout(() => res.end(`data: ${JSON.stringify({ error: { message: 'out of order', type: 'server_error' } })}\n\n`), 200)
    } else if (req.headers['x-fail'] === 'never')
      res.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(delta)}\n\ndata: [DONE]\n\n`)
    else res.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: EVIL } }))
  })
})

beforeAll(async () => {
  place = newPlace()
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const baseURL = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`
  config = join(place.folder, 'lab.json')
  const failing = (when: string) => ({ baseURL, apiKey: 'k', headers: { 'x-fail': when } })
  const providers = { bad: { baseURL, apiKey: 'k' }, good: failing('never'), late: failing('late') }
  writeFileSync(config, JSON.stringify({ providers, models: [{ id: 'bad/m' }, { id: 'good/m' }, { id: 'late/m' }] }))
})
afterAll(() => {
  provider.close()
  place.remove()
})

it('does not let a provider move the cursor of a terminal', async () => {
  const cli = (...args: string[]) => place.cli(['--config', config, ...args], { tty: true })
  const asked = [await cli('ask', '--model', 'good/m', 'hi'), await cli('ask', '--model', 'bad/m', 'hi')]
  const looked = [await cli('log'), await cli('log', 'last'), await cli('explain', 'last')]
  for (const { out, err } of [...asked, ...looked]) {
    expect(out + err).toContain('hm ')
    expect(out + err).not.toMatch(MOVES)
  }
  const piped = await place.cli(['--config', config, 'ask', '--model', 'good/m', 'hi'])
  expect(piped.out).toBe(`${EVIL}\n`)
})

it('ends the line of an answer that was cut off, on a terminal alone', async () => {
  const ask = (tty: boolean) => place.cli(['--config', config, 'ask', '--model', 'late/m', 'hi'], { tty })
  expect((await ask(true)).out).toMatch(/^hm .*[^\n]\n$/)
  const piped = await ask(false)
  expect(piped).toMatchObject({ code: 1, out: EVIL, err: expect.stringMatching(/^llmroute: The answer was cut off: .*out of order/) })
})
