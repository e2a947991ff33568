import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cli } from '../../src/cli/cli.js'
import { trainingText } from '../../src/cli/train/show-training.js'
import { newPlace, type Place } from './run-cli.js'

const WIDTHS = [32, 50, 80] as const

describe.each(WIDTHS)('a terminal of %i columns', (columns) => {
  let place: Place
  beforeAll(async () => {
    place = newPlace()
    writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ sandbox: true }))
    const wish = ['--tier', 'premium-and-more', '--profile', 'quality', '--budget', '5/month']
    await place.cli(['keys', 'create', 'the-key-of-somebody-with-a-long-name', ...wish])
    await place.cli(['examples', 'add', 'Reconcile the ledger of branch 12 '.repeat(9), '--task', 'analysis', '--complexity', 'complex'])
    await place.cli(['batch', 'submit'], { stdin: 'one\ntwo\n' })
    await place.cli(['ask', 'Hi.'])
  })
  afterAll(() => place.remove())

  it.each([
    ['keys list', /^NAME .*\nthe-key/],
    ['examples list', /^.*TASK .*PROMPT\n.*analysis/],
    ['batch status', /^JOB.*\nbatch_\w{26}( |$)/m],
    ['connect --list', /^CLIENT .*\nclaude-code/],
  ])('holds every line of %s', async (command, shown) => {
    const { code, out } = await place.cli(command.split(' '), { tty: true, columns, env: { NO_COLOR: '1' } })
    expect(code).toBe(0)
    expect(out).toMatch(shown)
    for (const line of out.split('\n')) expect([...line].length).toBeLessThanOrEqual(columns)
  })

  it('holds the attempts of a call; what is said of it above them is text', async () => {
    const { out } = await place.cli(['log', 'last'], { tty: true, columns, env: { NO_COLOR: '1' } })
    const attempts = /^TRY +MODEL.*\n1 +sandbox.*/m.exec(out)?.[0].split('\n') ?? []
    expect(attempts).toHaveLength(2)
    for (const line of attempts) expect([...line].length).toBeLessThanOrEqual(columns)
  })

  it('holds the tables of a training', () => {
    const gain = {
      set: 'a-set-of-questions-with-a-name',
      n: 12_345,
      apgr: 0.6,
      interval: [0.55, 0.65],
      length: 0.5,
      auc: 0.7,
      brier: 0.2,
      ece: 0.1,
    }
    const fit = { method: 'anew', before: 0.6, after: 0.5, gain: 0.1, gainSe: 0.02 }
    const training = { ...fit, gains: [gain], difficulties: [gain], sessions: null, rows: 5, reason: 'Enough.' }
    const cli = { io: { env: {}, stdout: { columns } } } as unknown as Cli
    const text = trainingText(training as unknown as Parameters<typeof trainingText>[0], false, null, cli)
    const rows = text.split('\n').filter((line) => /^(SET|a-set)/.test(line))
    expect(rows).toHaveLength(4)
    for (const line of rows) expect(line.length).toBeLessThanOrEqual(columns)
    expect(rows[0]).toContain('GAIN')
  })
})
