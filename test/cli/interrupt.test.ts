import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { daemonLogPath } from '../../src/control/index.js'
import { newPlace, type Place } from './run-cli.js'

let place: Place
beforeEach(() => {
  place = newPlace()
})
afterEach(() => place.remove())

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
