import type { Cli } from './cli.js'
import { write } from './io.js'

/** The one JSON document of a reading command. */
export function printJson(cli: Cli, value: unknown): Promise<void> {
  return write(cli.io.stdout, `${JSON.stringify(value, null, cli.io.stdout.isTTY === true ? 2 : undefined)}\n`)
}

export function print(cli: Cli, text: string): Promise<void> {
  return write(cli.io.stdout, text.endsWith('\n') ? text : `${text}\n`)
}

/** For people only: progress and remarks that must not end up in a pipe. */
export function remark(cli: Cli, text: string): void {
  cli.io.stderr.write(`${text}\n`)
}
