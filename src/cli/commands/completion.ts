import { Argument, Command, type Option } from 'commander'
import { type Cli, examples } from '../cli.js'
import { FILE, scripts } from '../completion-scripts.js'
import { answer } from '../say.js'

type Shell = keyof typeof scripts

/** A word that may be typed, and what it is for. */
interface Candidate {
  readonly word: string
  readonly about?: string
}

/** How a shell wants its candidates. */
const LINE: Readonly<Record<Shell, (candidate: Candidate) => string>> = {
  bash: ({ word }) => word,
  zsh: ({ word, about }) => [word.replaceAll(':', '\\:'), ...(about === undefined ? [] : [about])].join(':'),
  fish: ({ word, about }) => [word, ...(about === undefined ? [] : [about])].join('\t'),
}

export function define(command: Command, cli: Cli): void {
  command
    .addArgument(new Argument('<shell>', 'the shell to complete in').choices(Object.keys(scripts)))
    .argument('[words...]', 'used by the script itself: the words typed so far, after --; prints completions of the last one')
    .action(async (shell: Shell, words: readonly string[]) => {
      const last = words.at(-1)
      if (last === undefined) return answer(cli, { shell, script: scripts[shell] }, () => scripts[shell])
      const all = await candidates(words, command.parent?.options ?? [], cli)
      const found = all.filter(({ word }) => word === FILE || word.startsWith(last))
      return answer(cli, found, () => found.map((one) => LINE[shell](one)).join('\n'))
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

/** What may stand in place of the last word: the value of the option before it, a command, or the words and options of the command there is. */
async function candidates(words: readonly string[], globals: readonly Option[], cli: Cli): Promise<readonly Candidate[]> {
  const { COMMANDS } = await import('../command-table.js')
  const typed = words.slice(0, -1)
  const named = commandIn(typed)
  const entry = COMMANDS.find(({ name, alias }) => named !== undefined && [name, alias].includes(named))
  const command = new Command(entry?.name)
  if (entry !== undefined) (await entry.load()).define(command, cli)
  // Those of subcommands too, whatever their order on the line.
  const options = [...[command, ...command.commands].flatMap((each) => each.options), ...globals]
  const valued = options.findLast(
    ({ required, optional, short, long }) => (required || optional) && [short, long].includes(typed.at(-1) ?? ''),
  )
  if (valued !== undefined) return valuesOf(valued, cli)
  const commands = [
    ...COMMANDS.flatMap(({ name, alias, summary }) =>
      [name, ...(alias === undefined ? [] : [alias])].map((word) => ({ word, about: summary })),
    ),
    { word: 'help', about: 'show help for a command' },
  ]
  if (named === 'help') return commands
  if (named === undefined) return [...commands, ...flagsOf(options)]
  const own = await wordsOf(command)
  return [...(own.some(({ word }) => typed.includes(word)) ? [] : own), ...flagsOf(options), { word: FILE }]
}

/** The command among the words: global options may come before it. */
function commandIn(typed: readonly string[]): string | undefined {
  return typed.find((word, i) => !word.startsWith('-') && !['--config', '--db'].includes(typed[i - 1] ?? ''))
}

/** Subcommands and fixed choices. */
async function wordsOf(command: Command): Promise<readonly Candidate[]> {
  const clients = command.name() === 'connect' ? (await import('../../setup/index.js')).CLIENTS.map(({ id }) => id) : []
  return [
    ...command.commands.map((sub) => ({ word: sub.name(), about: sub.description() })),
    ...[...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices), ...clients].map((word) => ({ word })),
  ]
}

function flagsOf(options: readonly Option[]): readonly Candidate[] {
  const flags = new Map(options.filter(({ hidden }) => !hidden).map(({ long, description }) => [long ?? '', description]))
  flags.delete('--version')
  return [...flags.set('--help', 'show help')].map(([word, about]) => ({ word, about }))
}

/** A file, words where they are known, or nothing for free text. */
async function valuesOf({ argChoices, long, flags }: Option, cli: Cli): Promise<readonly Candidate[]> {
  const words = async (): Promise<readonly string[]> => {
    if (argChoices !== undefined) return argChoices
    if (long === '--preset') return Object.keys((await import('../../policy/presets.js')).PRESETS)
    if (long === '--task') return (await import('../../classify/index.js')).TASKS
    if (long === '--profile') return namesConfigured(cli, 'profiles')
    if (/^--(?:model|judge|baseline)$/.test(long ?? '')) return namesConfigured(cli, 'models')
    return /<(?:file|folder|path)>/.test(flags) ? [FILE] : []
  }
  return (await words()).map((word) => ({ word }))
}

/** Loads the configuration only here: somebody waits for each key press. */
async function namesConfigured(cli: Cli, what: 'models' | 'profiles'): Promise<readonly string[]> {
  const { profileSettings, resolvePool, systemPorts } = await import('../../config/index.js')
  const { loadForCli } = await import('../load-setup.js')
  const loaded = await loadForCli(cli)
  const profiles = Object.keys(profileSettings(loaded.config))
  if (what === 'profiles') return profiles
  // Secret managers are not asked: a key press must not unlock one.
  const { models } = await resolvePool(loaded, cli.io.env, { ...systemPorts, runCommand: async () => 'not asked' })
  return ['auto', ...models.map(({ id }) => id), ...profiles.map((name) => `auto:${name}`)]
}
