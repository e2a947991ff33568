import { cutCells } from '../kit/cell-width.js'
import type { Cli } from './cli.js'
import { write } from './io.js'

export function printJson(cli: Cli, value: unknown): Promise<void> {
  return write(cli.io.stdout, `${JSON.stringify(value, null, cli.io.stdout.isTTY === true ? 2 : undefined)}\n`)
}

/** The result of a command: with `--json` a document, else the text for people, which is made only then. */
export function answer(cli: Cli, document: unknown, text: () => string): Promise<void> {
  return cli.globals().json ? printJson(cli, document) : print(cli, text())
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

/** Text from files and answers, made safe for a terminal: characters that would move its cursor or change its colours become `\ufffd`. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}

/** The same for text with our own colours: colour codes stay, whoever wrote them. */
function printableInColour(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replaceAll(/(\u001b\[[\d;]*m)|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (_, colour?: string) => colour ?? '\ufffd')
}

/** A text on one line of so many cells at most. */
export function oneLine(text: string, width: number): string {
  return cutCells(text.replace(/\s+/g, ' ').trim(), width)
}
