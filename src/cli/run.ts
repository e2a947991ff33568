import { Command, CommanderError } from 'commander'
import type { Cli, Globals } from './cli.js'
import { COMMANDS } from './command-table.js'
import type { Io } from './io.js'
import type { ExitCode } from './show-error.js'
import { packageVersion } from './version.js'

/** Maximum length of help lines, however wide the terminal; bin/llmroute uses the same value. */
const HELP_WIDTH = 100

/** Runs one command line and returns the exit code. Never throws. */
export async function run(words: readonly string[], io: Io): Promise<ExitCode> {
  const argv = words[0] === 'help' && words[1] !== undefined ? [...words.slice(1), '--help'] : words
  const program = new Command('llmroute')
  const cli: Cli = { io, globals: () => ({ json: false, verbose: false, ...program.opts<Partial<Globals>>() }) }
  try {
    build(program, cli)
    if (argv.length === 0) program.help()
    await program.parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    const { showError } = await import('./show-error.js')
    return showError(error, argv, io)
  }
}

/** Commander shows a group's help for any word behind it. */
function refuseUnknown(command: Command): string {
  const [word] = command.args
  if (command.commands.length > 0 && word !== undefined && word !== 'help' && !word.startsWith('-'))
    command.error(`error: unknown command '${word}'`)
  return ''
}

/** Options whose empty text says something: no system prompt, no note. */
const MAY_BE_EMPTY = ['system', 'note']

/** An empty value is usually a variable that is not set, and would pass for an option that was not given. */
function refuseEmpty(program: Command, command: Command): void {
  for (const owner of [program, command])
    for (const option of owner.options) {
      const name = option.attributeName()
      if (owner.getOptionValueSource(name) !== 'cli' || MAY_BE_EMPTY.includes(name)) continue
      const values: readonly unknown[] = [owner.getOptionValue(name)].flat()
      if (values.length === 0 || values.includes(''))
        command.error(`error: option '${option.flags}' argument '' is invalid. Give a value, or leave the option out.`)
    }
}

function build(program: Command, cli: Cli): void {
  const { stdout, stderr } = cli.io
  program
    .description('Picks the best language model for every request, records each call and says what another policy would have cost.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('--config <file>', 'configuration file (default: what `llmroute config path` shows)')
    .option('--db <file>', 'ledger file (default: what `llmroute ledger path` shows)')
    .option('--json', 'print one JSON document instead of text')
    .option('--verbose', 'show where an error came from')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Errors are shown by showError, in one place and one shape.
      outputError: () => {},
      getOutHelpWidth: () => Math.min(stdout.columns || HELP_WIDTH, HELP_WIDTH),
    })
    .exitOverride()
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).description(entry.summary).helpGroup(entry.group)
    if (entry.alias !== undefined) command.alias(entry.alias)
  }
  // The command's own file is loaded between naming it and reading its options, so that help and errors cost nothing more.
  program.hook('preSubcommand', async (_program, command) => {
    const entry = COMMANDS.find(({ name }) => name === command.name())
    if (entry !== undefined) (await entry.load()).define(command, cli)
  })
  program.hook('preAction', refuseEmpty)
  program.addHelpText('beforeAll', ({ command }) => refuseUnknown(command))
  program.addHelpText(
    'after',
    `
Examples:
  $ llmroute ask "Name three primes."
  $ llmroute log --limit 5

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 nothing to work on, 130 interrupted.`,
  )
}
