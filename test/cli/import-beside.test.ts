import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runDaemon } from '../server/run-daemon.js'
import { runCli } from './run-cli.js'

const SYSTEM = 'You keep the books of a small shop and answer questions about them. '.repeat(150)
const MODEL = 'sandbox/small'

type Message = { readonly role: string; readonly content: string }

const ask = (name: string, turn: number): Message => ({ role: 'user', content: `${name}: what did we sell on day ${turn}?` })

/** Conversations of the same model in another tool, whose cache never held what was sent before. */
function loggedTurns(): string {
  const start = Date.now() - 3_600_000
  const lines = Array.from({ length: 12 }, (_, turn) => {
    const messages = [
      { role: 'system', content: `Elsewhere. ${SYSTEM}` },
      ...Array.from({ length: turn }, (_, i) => [ask('them', i), { role: 'assistant', content: `Bread ${i}.` }]).flat(),
      ask('them', turn),
    ]
    const usage = { input: 3000 + 20 * turn, cacheRead: 0, output: 12 }
    return {
      time: start + turn * 20_000,
      model: MODEL,
      session: 'theirs',
      turn: turn + 1,
      request: { model: 'm', messages },
      usage,
      latencyMs: 900,
    }
  })
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

it('an import beside a running daemon moves nothing that its decisions rest on', async () => {
  const daemon = await runDaemon({ sandbox: true })
  const env = { HOME: daemon.folder, LLMROUTE_DB: join(daemon.folder, 'ledger.db'), LLMROUTE_CONFIG_DIR: daemon.folder }
  const cli = (args: readonly string[]) => runCli(args, { cwd: daemon.folder, env })
  const messages: Message[] = [{ role: 'system', content: SYSTEM }]
  const turns = async (from: number, until: number): Promise<void> => {
    for (let turn = from; turn < until; turn++) {
      messages.push(ask('us', turn))
      const response = await daemon.post({ model: MODEL, messages, max_tokens: 20 })
      const { choices } = (await response.json()) as { choices: readonly { message: { content: string } }[] }
      messages.push({ role: 'assistant', content: choices[0]?.message.content ?? '' })
    }
  }
  await turns(0, 3)
  const log = join(daemon.folder, 'log.jsonl')
  writeFileSync(log, loggedTurns())
  expect((await cli(['import', 'jsonl', log])).out).toBe('Imported 12 of 12 calls; 0 were there already.\n')
  await turns(3, 6)
  const { out } = await cli(['simulate', '--preset', 'economy', '--json'])
  expect(JSON.parse(out)).toMatchObject({ checked: 18, reproduced: 18, rechained: 18, repriced: 18 })
  await daemon.end()
})
