import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { Fault, newId } from '../../kit/index.js'
import { ask } from '../ask/ask-once.js'
import { openLine } from '../ask/line.js'
import { MARK_PASTES, readTurns } from '../ask/read-turns.js'
import { type AskOptions, type ChatMessage, headersOf } from '../ask/request.js'
import { type Cli, examples } from '../cli.js'
import { paintFor } from '../paint.js'
import { remark } from '../say.js'
import { showError } from '../show-error.js'
import { addAskOptions } from './ask.js'

export function define(command: Command, cli: Cli): void {
  addAskOptions(command).action((options: AskOptions) => chat(cli, options))
  examples(command, 'printf "Name a prime.\\nAnd the next one?\\n" | llmroute chat')
}

/** A conversation turn by turn, until the input ends, `/exit` or `/quit`. Shows the model of each turn. */
async function chat(cli: Cli, options: AskOptions): Promise<void> {
  if (cli.globals().json)
    throw new Fault('E_USAGE', 'chat does not support --json.', { hint: 'Use `llmroute ask --json`, or leave --json out.' })
  const paint = paintFor(cli.io)
  const live = cli.io.stdout.isTTY === true && cli.io.stdinIs === 'terminal'
  const marks = live && cli.io.env.TERM !== 'dumb'
  const line = await openLine(cli, { sandbox: options.sandbox === true })
  const headers = { ...headersOf(options), 'x-llmroute-session': `chat-${newId()}` }
  const messages: ChatMessage[] = options.system === undefined ? [] : [{ role: 'system', content: options.system }]
  const input = createInterface({
    input: cli.io.stdin,
    ...(live ? { output: cli.io.stdout as NodeJS.WriteStream } : {}),
    prompt: paint.cyan('you › '),
  })
  let asking: AbortController | null = null
  let gaveUp = false
  // While a line can be edited, the terminal hands Ctrl-C to the editor: during an answer it ends the answer, else the chat.
  input.on('SIGINT', () => {
    if (asking !== null) return asking.abort()
    gaveUp = true
    input.close()
  })
  const answerTo = async (text: string): Promise<void> => {
    asking = new AbortController()
    const interrupted = AbortSignal.any([cli.io.interrupted, asking.signal])
    const body = { model: options.model ?? 'auto', messages: [...messages, { role: 'user', content: text }], stream: true }
    try {
      const answer = await ask({ ...cli, io: { ...cli.io, interrupted } }, line, { body, headers })
      messages.push({ role: 'user', content: text }, { role: 'assistant', content: answer.text })
      if (!live) remark(cli, paint.dim(`${answer.model ?? 'no model'}${answer.simulated ? ' (simulated)' : ''}`))
    } finally {
      asking = null
    }
  }
  if (live) remark(cli, paint.dim('A line or a paste is a turn. Ctrl-C stops an answer, Ctrl-D or /exit ends.'))
  try {
    if (marks) cli.io.stdout.write(MARK_PASTES.on)
    input.prompt()
    for await (const text of readTurns(input, cli.io.stdin)) {
      if (/^\/(exit|quit)$/.test(text.trim())) break
      // A person goes on after an answer that failed; the turn is as if it had not been.
      if (text.trim() !== '') await (live ? answerTo(text).catch((error) => showError(error, [], cli.io)) : answerTo(text))
      input.prompt()
    }
  } finally {
    if (live) cli.io.stdout.write(`${marks ? MARK_PASTES.off : ''}\n`)
    input.close()
    await line.close()
  }
  if (gaveUp) throw new Fault('E_CANCELLED', 'Interrupted.')
}
