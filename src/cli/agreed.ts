import type { Readable, Writable } from 'node:stream'
import type { Cli } from './cli.js'

/** Asks on a terminal; without one, the command line has already answered. */
export async function agreed(cli: Cli, question: string): Promise<boolean> {
  const { io } = cli
  if (io.stdinIs !== 'terminal' || io.stdout.isTTY !== true) return true
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({ message: question, input: io.stdin as Readable, output: io.stdout as Writable })
  return !isCancel(answer) && answer
}
