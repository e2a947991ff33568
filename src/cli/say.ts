import type { Cli } from './cli.js'
import { write } from './io.js'
import { printableInColour } from './printable.js'

/** The one JSON document of a reading command. */
export function printJson(cli: Cli, value: unknown): Promise<void> {
  return write(cli.io.stdout, `${JSON.stringify(value, null, cli.io.stdout.isTTY === true ? 2 : undefined)}\n`)
}

/** Text for people. What providers and clients said is often part of it. */
export function print(cli: Cli, text: string): Promise<void> {
  const safe = printableInColour(text)
  return write(cli.io.stdout, safe.endsWith('\n') ? safe : `${safe}\n`)
}

/** For people only: progress and remarks that must not end up in a pipe. */
export function remark(cli: Cli, text: string): void {
  cli.io.stderr.write(`${printableInColour(text)}\n`)
}
