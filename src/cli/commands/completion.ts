import { Argument, type Command, type Option } from 'commander'
import { type Cli, examples } from '../cli.js'
import type { Completed } from '../completion-scripts.js'
import { loadForCli } from '../load-setup.js'
import { answer } from '../say.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const
const NAMES = { models: modelNames, profiles: profileNames } as const

export function define(command: Command, cli: Cli): void {
  command
    .addArgument(
      new Argument('<what>', 'your shell (its script itself asks for models and profiles)').choices([...SHELLS, ...Object.keys(NAMES)]),
    )
    .action(async (what: (typeof SHELLS)[number] | keyof typeof NAMES) => {
      if (what === 'models' || what === 'profiles') {
        const names = await NAMES[what](cli)
        return answer(cli, names, () => names.join('\n'))
      }
      // A shell waits for names while somebody types; only its script needs these.
      const scripts = await import('../completion-scripts.js')
      const globals = command.parent?.options ?? []
      const script = scripts[what](await completed(globals, cli), onceEach(globals))
      return answer(cli, { shell: what, script }, () => script)
    })
  examples(command, 'llmroute completion bash > /tmp/llmroute.bash', 'llmroute completion fish | head -3')
  command.addHelpText(
    'after',
    `
To have it in every shell:
  bash  put  eval "$(llmroute completion bash)"  into ~/.bashrc
  zsh   put  eval "$(llmroute completion zsh)"  into ~/.zshrc, after compinit
  fish  llmroute completion fish > ~/.config/fish/completions/llmroute.fish`,
  )
}

/** Secret managers are not asked: a key press must not unlock one. */
async function modelNames(cli: Cli): Promise<readonly string[]> {
  const { resolvePool, systemPorts } = await import('../../config/index.js')
  const { models } = await resolvePool(await loadForCli(cli), cli.io.env, { ...systemPorts, runCommand: async () => 'not asked' })
  return ['auto', ...models.map(({ id }) => id), ...(await profileNames(cli)).map((name) => `auto:${name}`)]
}

async function profileNames(cli: Cli): Promise<readonly string[]> {
  const { profileSettings } = await import('../../config/index.js')
  return Object.keys(profileSettings((await loadForCli(cli)).config))
}

/** Every command with its options and subcommands, as the real parsers know them. */
async function completed(globals: readonly Option[], cli: Cli): Promise<readonly Completed[]> {
  const [{ COMMANDS }, { Command: Fresh }, { CLIENTS }] = await Promise.all([
    import('../command-table.js'),
    import('commander'),
    import('../../setup/index.js'),
  ])
  return Promise.all(
    COMMANDS.map(async ({ name, alias, summary, load }) => {
      const command = new Fresh(name)
      ;(await load()).define(command, cli)
      return {
        names: alias === undefined ? [name] : [name, alias],
        summary,
        // Includes options of subcommands, whatever their order on the line.
        options: onceEach([...[command, ...command.commands].flatMap((each) => each.options), ...globals]),
        words: [
          ...command.commands.map((sub) => sub.name()),
          ...command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
          ...(name === 'connect' ? CLIENTS.map(({ id }) => id) : []),
        ],
      }
    }),
  )
}

/** By its long name; where several have the same, the last. */
function onceEach(options: readonly Option[]): readonly Option[] {
  const named = options.filter(({ long }) => long !== '--version').map((option) => [option.long, option] as const)
  return [...new Map(named).values()]
}
