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
  const { COMMANDS } = await import('../command-table.js')
  const globals = program === null ? [] : longFlags(program).filter((flag) => flag !== '--version')
  return Promise.all(
    COMMANDS.map(async (entry) => {
      const { Command: Fresh } = await import('commander')
      const command = new Fresh(entry.name)
      ;(await entry.load()).define(command, cli)
      return {
        name: entry.name,
        summary: entry.summary,
        flags: [...new Set([...longFlags(command), ...globals])],
        words: [
          ...command.commands.map((sub) => sub.name()),
          ...command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
        ],
      }
    }),
  )
}

function longFlags(command: Command): readonly string[] {
  return command.options.flatMap((option) => (option.long === undefined || option.long === null ? [] : [option.long]))
}
