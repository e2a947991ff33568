import { type Command, InvalidArgumentError } from 'commander'
import { Fault } from '../kit/fault.js'
import type { Io } from './io.js'

export interface Globals {
  readonly config?: string
  readonly db?: string
  readonly json: boolean
  readonly verbose: boolean
}

export interface Cli {
  readonly io: Io
  /** Valid once the arguments are parsed. */
  globals(): Globals
}

/** A command's file adds arguments, options, examples and the action to a command that has its name and summary already. */
export interface CommandModule {
  define(command: Command, cli: Cli): void
}

/** Adds runnable examples to `--help`; a test runs each of them. */
export function examples(command: Command, ...lines: readonly string[]): void {
  command.addHelpText('after', `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`)
}

/** Gathers an option that may be given again. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** The value of an option that is a count. Throws for other values, or more than a number can hold exactly. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('Give a whole number.')
}

/** The items of an option that takes several, separated by commas; at least one. */
export function commaList(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim())
  const named = items.filter((item) => item !== '')
  if (named.length === 0) throw new InvalidArgumentError('Give at least one name.')
  return named
}

export function unknownProfile(name: string, known: readonly string[]): Fault {
  return new Fault('E_USAGE', `There is no profile '${name}'.`, { hint: `Profiles are ${known.join(', ')}.` })
}

export function unreadableFile(path: string, cause: NodeJS.ErrnoException): Fault {
  return new Fault('E_USAGE', `The file ${path} cannot be read (${cause.code ?? cause.message}).`, {
    hint: 'Check its path and rights.',
    cause,
  })
}
