import { Argument, type Command, type Option } from 'commander'
import { TASKS } from '../../classify/index.js'
import { PRESETS } from '../../policy/index.js'
import { type Cli, examples } from '../cli.js'
import { bash, fish, type Spelled, type SpelledOption, type Takes, zsh } from '../completion-scripts.js'
import { loadForCli } from '../load-setup.js'
import { print, printJson } from '../say.js'

const SHELLS = { bash, zsh, fish } as const
const NAMES = { models: modelNames, profiles: profileNames } as const

export function define(command: Command, cli: Cli): void {
  command
    .addArgument(
      new Argument('<what>', 'the shell to complete in; its script asks for models and profiles').choices([
        ...Object.keys(SHELLS),
        ...Object.keys(NAMES),
      ]),
    )
    .action(async (what: keyof typeof SHELLS | keyof typeof NAMES) => {
      const { json } = cli.globals()
      if (what === 'models' || what === 'profiles') {
        const names = await NAMES[what](cli)
        return json ? printJson(cli, names) : print(cli, names.join('\n'))
      }
      const globals = command.parent?.options ?? []
      const script = SHELLS[what](await spell(globals, cli), spellOptions(globals))
      return json ? printJson(cli, { shell: what, script }) : print(cli, script)
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
async function spell(globals: readonly Option[], cli: Cli): Promise<readonly Spelled[]> {
  const [{ COMMANDS }, { Command: Fresh }, { CLIENTS }] = await Promise.all([
    import('../command-table.js'),
    import('commander'),
    import('../../setup/index.js'),
  ])
  return Promise.all(
    COMMANDS.map(async (entry) => {
      const command = new Fresh(entry.name)
      ;(await entry.load()).define(command, cli)
      // Includes options of subcommands, whatever their order on the line.
      const options = [command, ...command.commands].flatMap((each) => each.options)
      return {
        name: entry.name,
        alias: entry.alias ?? null,
        summary: entry.summary,
        options: spellOptions([...options, ...globals]),
        words: [
          ...command.commands.map((sub) => sub.name()),
          ...command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
          ...(entry.name === 'connect' ? CLIENTS.map(({ id }) => id) : []),
        ],
      }
    }),
  )
}

function spellOptions(options: readonly Option[]): readonly SpelledOption[] {
  const spelled = options.flatMap((option) =>
    option.long == null || option.long === '--version'
      ? []
      : [[option.long, { long: option.long, short: option.short ?? null, takes: whatItTakes(option) }] as const],
  )
  return [...new Map(spelled).values()]
}

function whatItTakes({ required, optional, argChoices, long, flags }: Option): Takes {
  if (!required && !optional) return 'nothing'
  if (argChoices !== undefined) return argChoices
  if (long === '--preset') return Object.keys(PRESETS)
  if (long === '--task') return TASKS
  if (long === '--profile') return 'profiles'
  if (/^--(?:model|judge|baseline)$/.test(long ?? '')) return 'models'
  return /<(?:file|folder|path)>/.test(flags) ? 'file' : 'text'
}
