import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { daemonLogPath } from '../../src/control/index.js'
import { newPlace, type Place } from './run-cli.js'

let place: Place
beforeEach(() => {
  place = newPlace()
})
afterEach(() => place.remove())

it('`ask` ends with 130 also when its answer has not begun', async () => {
  writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ sandbox: { speed: 0.001 } }))
  const interrupt = new AbortController()
  const ended = place.cli(['ask', 'hi'], { interrupted: interrupt.signal })
  setTimeout(() => interrupt.abort(), 2000)
  expect(await ended).toMatchObject({ code: 130, out: '', err: expect.stringMatching(/^llmroute: Interrupted/) })
})

it.each([
  ['serve', '--sandbox', '--port', '0'],
  ['logs', '--follow'],
])('`%s %s` ends with 130 when interrupted, and says so', async (...args) => {
  writeFileSync(daemonLogPath(place.db), 'one line\n')
  const interrupt = new AbortController()
  const ended = place.cli(args, { interrupted: interrupt.signal })
  setTimeout(() => interrupt.abort(), 500)
  expect(await ended).toMatchObject({ code: 130, err: expect.stringMatching(/^llmroute: Interrupted/) })
})
