import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/ledger/index.js'
import { newPlace } from './run-cli.js'

it('an import while another one runs is refused, and does its work afterwards', async () => {
  const place = newPlace()
  onTestFinished(() => place.remove())
  const log = join(place.folder, 'log.jsonl')
  writeFileSync(log, JSON.stringify({ time: 1793620800, model: 'openai/gpt-5', prompt: 'What is a monad?' }))
  const other = await openLedger(place.db)
  other.startRun({ appVersion: '0.1.0', engine: 1, startedAt: 1, alone: 'import' })
  expect(await place.cli(['import', 'jsonl', log])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('another import') })
  expect(other.counts().calls).toBe(0)
  // What is thrown away afterwards is nobody else's.
  expect(await place.cli(['simulate', '--from', `jsonl:${log}`, '--json'])).toMatchObject({ code: 0 })
  await other.close()
  expect(await place.cli(['import', 'jsonl', log])).toMatchObject({ code: 0, out: expect.stringContaining('Imported 1 of 1 call') })
})
