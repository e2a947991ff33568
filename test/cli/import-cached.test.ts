import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { newPlace } from './run-cli.js'

const TURNS = 12

/** A turn as Claude Code logs it: what was put to the model, and its answer, which read the turns before from the prompt cache. */
function turn(n: number): readonly object[] {
  const at = (seconds: number) => new Date(Date.UTC(2026, 9, 1) + (n * 20 + seconds) * 1000).toISOString()
  const result = [{ type: 'tool_result', tool_use_id: `t${n - 1}`, content: 'const total = 1\n'.repeat(200) }]
  const usage = {
    input_tokens: 4,
    cache_creation_input_tokens: n === 0 ? 20_000 : 1000,
    cache_read_input_tokens: n === 0 ? 0 : 19_000 + 1000 * n,
  }
  const content = [{ type: 'tool_use', id: `t${n}`, name: 'Bash', input: { command: `sed -n ${n}p src/total.ts` } }]
  const said = { id: `m${n}`, role: 'assistant', model: 'claude-opus-5-5', content, usage: { ...usage, output_tokens: 100 } }
  return [
    { type: 'user', sessionId: 's', timestamp: at(0), message: { role: 'user', content: n === 0 ? 'Why is the total wrong?' : result } },
    { type: 'assistant', sessionId: 's', timestamp: at(8), requestId: `r${n}`, message: said },
  ]
}

it('a model that would have answered a logged session is expected to read its own prompt cache, though logs leave out the marks', async () => {
  const place = newPlace()
  onTestFinished(() => place.remove())
  const log = join(place.folder, 's.jsonl')
  writeFileSync(
    log,
    Array.from({ length: TURNS }, (_, n) =>
      turn(n)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    ).join(''),
  )
  const { out } = await place.cli([
    ...['simulate', '--from', `claude-code:${log}`, '--preset', 'economy', '--models', 'anthropic/claude-haiku-4-5', '--json'],
  ])
  const { calls, actual, simulated } = JSON.parse(out)
  expect(calls).toBe(TURNS)
  // It costs a fifth of the logged model; without a cache it would cost more than that one with its own.
  expect(simulated.costUsd).toBeLessThan(actual.costUsd / 2)
})

it.each([
  ['openai/gpt-5', 'openai/gpt-5.4-mini'],
  ['anthropic/claude-opus-4-5', 'anthropic/claude-haiku-4-5'],
])(
  'of calls of which a log has figures alone, another model is expected to read as much from its cache as %s did',
  async (model, other) => {
    const place = newPlace()
    onTestFinished(() => place.remove())
    const log = join(place.folder, 'figures.jsonl')
    const simulated = async (cacheRead: number, secondsApart: number) => {
      const usage = { input: 30_000 - cacheRead, cacheRead, output: 200 }
      const line = (n: number) => `${JSON.stringify({ time: 1793620800 + n * secondsApart, model, usage })}\n`
      writeFileSync(log, Array.from({ length: TURNS }, (_, n) => line(n)).join(''))
      const { out } = await place.cli(['simulate', '--from', `jsonl:${log}`, '--preset', 'economy', '--models', other, '--json'])
      const { calls, rechained, simulated } = JSON.parse(out)
      expect({ calls, rechained }).toEqual({ calls: TURNS, rechained: TURNS })
      return simulated.costUsd
    }
    const cold = await simulated(0, 86_400)
    // Calls that come soon after one another need have nothing in common.
    expect(await simulated(0, 40)).toBe(cold)
    expect(await simulated(27_000, 86_400)).toBeLessThan(cold / 2)
  },
)
