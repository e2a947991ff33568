import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { newId } from '../../kit/index.js'
import { ask } from '../ask/ask-once.js'
import type { ChatMessage } from '../ask/build-body.js'
import { openLine } from '../ask/line.js'
import { type AskOptions, headersOf } from '../ask/request.js'
import { type Cli, examples } from '../cli.js'
import { paintFor } from '../paint.js'
import { remark } from '../say.js'
import { addAskOptions } from './ask.js'

export function define(command: Command, cli: Cli): void {
  addAskOptions(command).action((options: AskOptions) => chat(cli, options))
  examples(command, 'printf "Name a prime.\\nAnd the next one?\\n" | llmroute chat')
}

/** A conversation a line at a time, until the input ends, `/exit` or `/quit`. The model of each turn is shown. */
async function chat(cli: Cli, options: AskOptions): Promise<void> {
  const paint = paintFor(cli.io)
  const live = cli.io.stdout.isTTY === true && cli.io.stdinIs === 'terminal'
  const line = await openLine(cli, { sandbox: options.sandbox === true })
  const headers = { ...headersOf(options), 'x-llmroute-session': `chat-${newId()}` }
  const messages: ChatMessage[] = options.system === undefined ? [] : [{ role: 'system', content: options.system }]
  const input = createInterface({
    input: cli.io.stdin,
    ...(live ? { output: cli.io.stdout as NodeJS.WriteStream } : {}),
    prompt: paint.cyan('you › '),
  })
  if (live) remark(cli, paint.dim('A line is a turn. /exit or Ctrl-D ends.'))
  try {
    input.prompt()
    for await (const text of input) {
      if (/^\/(exit|quit)$/.test(text.trim())) break
      if (text.trim() !== '') {
        messages.push({ role: 'user', content: text })
        const answer = await ask(cli, line, { body: { model: options.model ?? 'auto', messages, stream: true }, headers })
        messages.push({ role: 'assistant', content: answer.text })
        if (!live) remark(cli, paint.dim(`${answer.model ?? 'no model'}${answer.simulated ? ' (simulated)' : ''}`))
      }
      input.prompt()
    }
  } finally {
    input.close()
    await line.close()
  }
}
