import { CommanderError } from 'commander'
import { asFault, Fault, type FaultCode } from '../kit/fault.js'
import type { Io } from './io.js'
import { documentOf } from './nothing-there.js'
import { printable } from './say.js'

/** Prints in one plain sentence what is wrong and what to do; the stack only on request. */
export function showError(error: unknown, argv: readonly string[], io: Io): ExitCode {
  if (error instanceof CommanderError) return showUsage(error, argv, io)
  const fault = fileFault(error) ?? asFault(error)
  if (fault.code === 'E_CANCELLED' && io.readerGone?.()) return 0
  if (fault.code === 'E_EMPTY' && argv.includes('--json')) writeDocument(documentOf(fault), io)
  io.stderr.write(`llmroute: ${sentences(fault)}\n`)
  if (argv.includes('--verbose')) io.stderr.write(`${trace(fault)}\n`)
  return exitCodeOf(fault.code)
}

/** `undefined` is none: some formats say nothing in no bytes. */
function writeDocument(document: unknown, io: Io): void {
  if (document !== undefined) io.stdout.write(`${JSON.stringify(document)}\n`)
}

/** Global options whose value is no command. */
const TAKES_VALUE: ReadonlySet<string> = new Set(['--config', '--db'])

function showUsage(error: CommanderError, argv: readonly string[], io: Io): ExitCode {
  // The help of a group named without a subcommand is already printed.
  if (error.code !== 'commander.help') {
    const command = argv.find((word, i) => /^[a-z]/.test(word) && !TAKES_VALUE.has(argv[i - 1] ?? ''))
    // The unknown word may be a command itself or follow one.
    const known = command !== undefined && !error.message.includes(`unknown command '${command}'`)
    const help = known ? `llmroute ${command} --help` : 'llmroute --help'
    const quotes = /Expected [1-9]\d* arguments? but got/.test(error.message) ? 'Put an argument of several words in quotes. ' : ''
    const [what = '', guess = ''] = error.message.replace(/^error: /, '').split('\n')
    io.stderr.write(`llmroute: ${ended(what)} ${guess === '' ? '' : `${guess.replace(/^\((.*)\)$/, '$1')} `}${quotes}See \`${help}\`.\n`)
  }
  return 2
}

/** A file that the system would not open, as a sentence that says which and what to do; null for other errors. */
function fileFault(error: unknown): Fault | null {
  const { code, path, syscall } = error as NodeJS.ErrnoException
  if (!(error instanceof Error) || path === undefined || code === undefined || syscall === undefined) return null
  return new Fault('E_INTERNAL', `${path} cannot be opened (${code})`, {
    hint: 'Check that its folder exists and that you can read and write in it.',
    cause: error,
  })
}

function sentences(fault: Fault): string {
  return printable(fault.hint === undefined ? ended(fault.message) : `${ended(fault.message)} ${ended(fault.hint)}`)
}

function ended(text: string): string {
  return /[.?!]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
}

function trace(fault: Fault): string {
  const cause = fault.cause instanceof Error ? `\nCaused by: ${fault.cause.stack ?? fault.cause.message}` : ''
  return `${fault.stack ?? fault.message}${cause}`
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage or invalid configuration, 3 nothing to work on, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130

export function exitCodeOf(code: FaultCode): ExitCode {
  switch (code) {
    case 'E_USAGE':
    case 'E_CONFIG':
    // A model or profile that was named on the command line and does not exist.
    case 'E_UNKNOWN_MODEL':
      return 2
    case 'E_EMPTY':
      return 3
    case 'E_CANCELLED':
      return 130
    default:
      return 1
  }
}
