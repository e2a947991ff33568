import { Command, CommanderError } from 'commander'
import type { Cli, Globals } from './cli.js'
import { COMMANDS } from './command-table.js'
import type { ExitCode } from './exit-code.js'
import type { Io } from './io.js'
import { packageVersion } from './package-version.js'

/** Lines of help are no longer than this, however wide the terminal; bin/llmroute knows it too. */
const HELP_WIDTH = 100

/** Runs one command line and returns what the shell should see. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const program = new Command('llmroute')
  const cli: Cli = { io, globals: () => ({ json: false, verbose: false, ...program.opts<Partial<Globals>>() }) }
  try {
    build(program, cli)
    if (argv.length === 0) program.help()
    await program.parseAsync(argv[0] === 'help' && argv[1] !== undefined ? [...argv.slice(1), '--help'] : argv, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    const { showError } = await import('./show-error.js')
    return showError(error, argv, io)
  }
}

function build(program: Command, cli: Cli): void {
  const { stdout, stderr } = cli.io
  program
    .description('Picks the best language model for every request, records each call and says what another policy would have cost.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('--config <file>', 'configuration file')
    .option('--db <file>', 'the ledger')
    .option('--json', 'one JSON document on stdout')
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
  program.addHelpText(
    'after',
    `
Examples:
  $ llmroute ask "Name three primes."
  $ llmroute log --limit 5

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 nothing to work on, 130 interrupted.`,
  )
}
