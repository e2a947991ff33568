import { Fault } from '../kit/index.js'
import type { Questions } from '../setup/index.js'
import type { Cli } from './cli.js'

/** Asks on a terminal; without one, the command line has already answered. */
export async function agreed(cli: Cli, question: string): Promise<boolean> {
  const { io } = cli
  if (io.stdinIs !== 'terminal' || io.stdout.isTTY !== true) return true
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: question, input: io.stdin, output: io.stdout })
  return !isCancel(answer) && answer
}

/** Questions with the arrow keys. Leaving one (Ctrl-C, Escape) is E_CANCELLED. */
export async function terminalQuestions({ io }: Cli): Promise<Questions> {
  const clack = await import('@clack/prompts')
  const streams = { input: io.stdin, output: io.stdout }
  const answered = async <T>(answer: Promise<T>): Promise<Exclude<T, symbol>> => {
    const value = await answer
    if (clack.isCancel(value)) throw new Fault('E_CANCELLED', 'Nothing was written.')
    return value as Exclude<T, symbol>
  }
  return {
    choose: (message, options, first) => answered(clack.select({ ...streams, message, options: [...options], initialValue: first })),
    chooseMany: (message, options, chosen) =>
      answered(clack.multiselect({ ...streams, message, options: [...options], initialValues: [...chosen], required: false })),
    secret: (message, check) =>
      answered(clack.password({ ...streams, message, validate: (value) => (value ? (check(value) ?? undefined) : undefined) })).then(
        // An empty answer is none at all.
        (value) => value ?? '',
      ),
    confirm: (message, proposed) => answered(clack.confirm({ ...streams, message, initialValue: proposed })),
  }
}
