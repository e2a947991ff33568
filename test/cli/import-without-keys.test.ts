import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newPlace } from './run-cli.js'

const START = Date.UTC(2026, 9, 1)

/** A session of Claude Code of two turns. */
function session(): string {
  return [0, 1]
    .flatMap((turn) => {
      const at = (seconds: number) => new Date(START + (turn * 60 + seconds) * 1000).toISOString()
      const common = { sessionId: 's', isSidechain: false, userType: 'external', cwd: '/home/me/shop', version: '2.1.0' }
      const content = [{ type: 'text', text: `The total was wrong in line ${turn}.` }]
      const usage = { input_tokens: 900, output_tokens: 160 }
      return [
        {
          ...common,
          type: 'user',
          uuid: `u${turn}`,
          timestamp: at(0),
          message: { role: 'user', content: `Why is total ${turn} wrong? Fix it.` },
        },
        {
          ...common,
          type: 'assistant',
          uuid: `a${turn}`,
          requestId: `req_${turn}`,
          timestamp: at(8),
          message: { id: `msg_${turn}`, type: 'message', role: 'assistant', model: 'claude-opus-4-5', content, usage },
        },
      ]
    })
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}

it("without a key, logged calls are compared with the models that the tool's vendor would give with one, not with simulated ones", async () => {
  const place = newPlace()
  const logs = join(place.folder, 'logs')
  mkdirSync(logs)
  writeFileSync(join(logs, 's.jsonl'), session())
  const simulate = (env: Readonly<Record<string, string>>) =>
    place.cli(['simulate', '--from', `claude-code:${logs}`, '--preset', 'economy', '--json'], { env })
  const keyless = await simulate({})
  const withKey = await simulate({ ANTHROPIC_API_KEY: 'k' })
  expect([keyless.err, withKey.err]).toEqual(['', ''])
  expect(JSON.parse(keyless.out)).toEqual(JSON.parse(withKey.out))
  expect(JSON.parse(keyless.out)).toMatchObject({ calls: 2 })
  expect(keyless.out).toContain('anthropic/claude-haiku-4-5')

  const underProfile = await place.cli(['simulate', '--from', `claude-code:${logs}`, '--profile', 'economy', '--json'])
  expect(JSON.parse(underProfile.out).simulated).toEqual(JSON.parse(keyless.out).simulated)

  expect((await place.cli(['import', 'claude-code', logs])).err).toContain('no provider has a key')
  const { out } = await place.cli(['simulate', '--preset', 'economy', '--json'])
  expect(out).not.toContain('sandbox/')
  place.remove()
})

it('simulated models take logged calls where the configuration asks for them', async () => {
  const place = newPlace()
  writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ sandbox: true }))
  writeFileSync(join(place.folder, 's.jsonl'), session())
  const { out, err } = await place.cli([
    'simulate',
    '--from',
    `claude-code:${join(place.folder, 's.jsonl')}`,
    '--preset',
    'economy',
    '--json',
  ])
  expect(out).toContain('sandbox/')
  expect(err).toBe('')
  place.remove()
})
