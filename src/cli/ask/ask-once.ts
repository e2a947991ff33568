import { Fault, formatDollars, formatMs } from '../../kit/index.js'
import { findCall, withOpenLedger } from '../../ledger/index.js'
import { explainCall, explanationText } from '../../report/index.js'
import type { Cli } from '../cli.js'
import { write } from '../io.js'
import { lookOf, paintFor } from '../paint.js'
import { printable, printJson, remark } from '../say.js'
import { type Line, type Outgoing, openLine } from './line.js'
import { type Answer, readAnswer } from './read-answer.js'
import type { AskOptions } from './request.js'

/** Sends one prompt and streams the answer to stdout; remarks go to stderr, so that a pipe gets only the answer. */
export async function askOnce(cli: Cli, outgoing: Outgoing, options: AskOptions): Promise<void> {
  const line = await openLine(cli, { sandbox: options.sandbox === true })
  try {
    const answer = await ask(cli, line, outgoing)
    if (cli.globals().json) await printJson(cli, options.explain ? { ...answer, explanation: await explanationOf(line, answer) } : answer)
    else if (options.explain) remark(cli, explanationText(await explanationOf(line, answer), lookOf(cli.io)))
  } finally {
    await line.close()
  }
}

/** One question and its streamed answer, with a line about its cost for people. Throws E_CANCELLED on an interrupt. */
export async function ask(cli: Cli, line: Line, outgoing: Outgoing): Promise<Answer> {
  const { json } = cli.globals()
  const { interrupted, stdout } = cli.io
  let shown = ''
  try {
    const answer = await readAnswer(await line.send(outgoing, interrupted), async (text) => {
      shown = text
      // A pipe gets it to the letter.
      if (!json) await write(stdout, stdout.isTTY === true ? printable(text) : text)
    })
    if (interrupted.aborted) throw new Error('interrupted')
    if (!json && !answer.text.endsWith('\n')) await write(stdout, '\n')
    if (!json && stdout.isTTY === true) remark(cli, paintFor(cli.io).dim(summary(answer)))
    return answer
  } catch (error) {
    // On a terminal, what is wrong would otherwise be read as the end of the answer.
    if (!json && stdout.isTTY === true && /[^\n]$/.test(shown)) await write(stdout, '\n')
    if (interrupted.aborted) throw new Fault('E_CANCELLED', 'Interrupted; the partial answer is recorded.')
    throw error
  }
}

function summary({ model, simulated, costUsd, savingsUsd, latencyMs, call }: Answer): string {
  const saved =
    savingsUsd === null || savingsUsd === 0
      ? ''
      : savingsUsd > 0
        ? `, saved ${formatDollars(savingsUsd)}`
        : `, ${formatDollars(-savingsUsd)} more than the baseline`
  return `${model ?? 'no model'}${simulated ? ' (simulated)' : ''}, ${formatDollars(costUsd)}${saved}, ${formatMs(latencyMs)} · llmroute explain ${call ?? 'last'}`
}

function explanationOf(line: Line, { call }: Answer): Promise<ReturnType<typeof explainCall>> {
  return withOpenLedger(line.ledger, { readonly: true }, (ledger) => explainCall(ledger, findCall(ledger, call ?? 'last')))
}
