import { Argument, type Command } from 'commander'
import { type Cli, examples } from '../cli.js'
import { bash, fish, type Spelled, zsh } from '../completion-scripts.js'
import { print } from '../say.js'

const SHELLS = { bash, zsh, fish } as const

export function define(command: Command, cli: Cli): void {
  command
    .addArgument(new Argument('<shell>', 'the shell to complete in').choices(Object.keys(SHELLS)))
    .action(async (shell: keyof typeof SHELLS) => {
      await print(cli, SHELLS[shell](await spell(command.parent, cli)))
    })
  examples(command, 'llmroute completion bash > /tmp/llmroute.bash', 'llmroute completion fish | head -3')
}

/** Every command with its options and subcommands, as the real parsers know them. */
async function spell(program: Command | null, cli: Cli): Promise<readonly Spelled[]> {
  const [{ COMMANDS }, { Command: Fresh }, { PRESETS }, { CLIENTS }] = await Promise.all([
    import('../command-table.js'),
    import('commander'),
    import('../../policy/index.js'),
    import('../../setup/index.js'),
  ])
  const globals = program === null ? [] : longFlags(program).filter((flag) => flag !== '--version')
  const profiles = Object.keys(PRESETS)
  return Promise.all(
    COMMANDS.map(async (entry) => {
      const command = new Fresh(entry.name)
      ;(await entry.load()).define(command, cli)
      // Options of subcommands, too: which of them comes first on the line is not looked at.
      const all = [command, ...command.commands]
      const options = all.flatMap((each) => each.options)
      return {
        name: entry.name,
        summary: entry.summary,
        flags: [...new Set([...all.flatMap(longFlags), ...globals])],
        words: [
          ...command.commands.map((sub) => sub.name()),
          ...command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
          ...(entry.name === 'connect' ? CLIENTS.map(({ id }) => id) : []),
        ],
        values: Object.fromEntries(
          options.flatMap(({ long, argChoices }) => {
            const words = argChoices ?? (long === '--preset' || long === '--profile' ? profiles : null)
            return long == null || words === null ? [] : [[long, words]]
          }),
        ),
      }
    }),
  )
}

function longFlags(command: Command): readonly string[] {
  return command.options.flatMap((option) => (option.long === undefined || option.long === null ? [] : [option.long]))
}
