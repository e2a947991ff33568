import type { Option } from 'commander'
import { TASKS } from '../classify/index.js'
import { PRESETS } from '../policy/index.js'

/** A command as a completion script needs it. */
export interface Completed {
  /** And its alias, if it has one. */
  readonly names: readonly string[]
  readonly summary: string
  readonly options: readonly Option[]
  /** Subcommands and fixed choices. */
  readonly words: readonly string[]
}

/** The value an option takes: nothing, a file, any text, one of these words, or a name from the configuration. */
type Takes = 'nothing' | 'file' | 'text' | 'models' | 'profiles' | readonly string[]

function takenBy({ required, optional, argChoices, long, flags }: Option): Takes {
  if (!required && !optional) return 'nothing'
  if (argChoices !== undefined) return argChoices
  if (long === '--preset') return Object.keys(PRESETS)
  if (long === '--task') return TASKS
  if (long === '--profile') return 'profiles'
  if (/^--(?:model|judge|baseline)$/.test(long ?? '')) return 'models'
  return /<(?:file|folder|path)>/.test(flags) ? 'file' : 'text'
}

const namesOf = (commands: readonly Completed[]): readonly string[] => [...commands.flatMap(({ names }) => names), 'help']
const flagsOf = (options: readonly Option[]): readonly string[] => [...options.map(({ long }) => long ?? ''), '--help']
const wordsOf = ({ words, options }: Completed): string => [...words, ...flagsOf(options)].join(' ')
/** The program itself knows them, and a shell asks it when they are wanted. */
const ask = (what: 'models' | 'profiles'): string => `$(llmroute completion ${what} 2>/dev/null)`

/** A branch of a shell's `case` for every option that takes a value. */
function branches(commands: readonly Completed[], action: (takes: Exclude<Takes, 'nothing'>) => string): string {
  return commands
    .flatMap(({ names, options }) =>
      options.flatMap((option) => {
        const takes = takenBy(option)
        if (takes === 'nothing') return []
        const places = names.flatMap((name) => [option.long, option.short].flatMap((flag) => (flag ? [`"${name} ${flag}"`] : [])))
        return [`    ${places.join('|')}) ${action(takes)} ;;`]
      }),
    )
    .join('\n')
}

/** Finds the command among the words: global options may come before it. */
const findCommand = (first: number, current: string, words: string): string => `  for ((i = ${first}; i < ${current}; i++)); do
    case "\${${words}[i]}" in
      --config|--db) ((i++)) ;;
      -*) ;;
      *) command="\${${words}[i]}"; break ;;
    esac
  done`

/** For \`eval\`, or a file in bash-completion's folder. */
export function bash(commands: readonly Completed[], globals: readonly Option[]): string {
  return `_llmroute() {
  local typed=("$1") at=0 i command="" words="" word
  COMPREPLY=()
  # Bash cuts words at colons, which names of models contain.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i-1]}|\${COMP_WORDS[i]}" in
      *:"|"*|*"|":*) typed[at]+="\${COMP_WORDS[i]}" ;;
      *) typed[++at]="\${COMP_WORDS[i]}" ;;
    esac
  done
  word="\${typed[at]}"
${findCommand(1, 'at', 'typed')}
  case "$command \${typed[at-1]}" in
    *" --config"|*" --db") _llmroute_files; return ;;
${branches(commands, (takes) => {
  if (takes === 'file') return '_llmroute_files; return'
  if (takes === 'text') return 'return'
  return `words="${typeof takes === 'string' ? ask(takes) : takes.join(' ')}"`
})}
    *) case "$command" in
      "") words="${[...namesOf(commands), ...flagsOf(globals)].join(' ')}" ;;
      help) words="${namesOf(commands).join(' ')}" ;;
${commands.map((command) => `      ${command.names.join('|')}) words="${wordsOf(command)}" ;;`).join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [ \${#COMPREPLY[@]} -eq 0 ] && _llmroute_files
  # What stands before the last colon is on the line already.
  [[ "$COMP_WORDBREAKS" == *:* ]] && COMPREPLY=("\${COMPREPLY[@]#"\${word%"\${word##*:}"}"}")
}
_llmroute_files() {
  # One name a line: names may contain spaces.
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$word"))
}
complete -F _llmroute llmroute
`
}

/** For \`eval\` after compinit, or a file named \`_llmroute\` in a folder of \`fpath\`. */
export function zsh(commands: readonly Completed[], globals: readonly Option[]): string {
  const described = commands.flatMap(({ names, summary }) =>
    names.map((name) => `    '${name}:${summary.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`),
  )
  return `#compdef llmroute
_llmroute() {
  local command="" i
  local -a commands
  commands=(
${described.join('\n')}
    'help:show help for a command'
  )
${findCommand(2, 'CURRENT', 'words')}
  case "$command \${words[CURRENT-1]}" in
    *" --config"|*" --db") _files; return ;;
${branches(commands, (takes) => {
  if (takes === 'file') return '_files; return'
  if (takes === 'text') return 'return'
  return `compadd -- ${typeof takes === 'string' ? ask(takes) : takes.join(' ')}; return`
})}
  esac
  case "$command" in
    "") _describe command commands; compadd -- ${flagsOf(globals).join(' ')}; return ;;
    help) _describe command commands; return ;;
${commands.map((command) => `    ${command.names.join('|')}) compadd -- ${wordsOf(command)} ;;`).join('\n')}
  esac
  _files
}
if [ "$funcstack[1]" = "_llmroute" ]; then _llmroute "$@"; else compdef _llmroute llmroute; fi
`
}

/** For ~/.config/fish/completions/llmroute.fish. */
export function fish(commands: readonly Completed[], globals: readonly Option[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const seen = (names: readonly string[]): string => `__fish_seen_subcommand_from ${names.join(' ')}`
  const valuesOf = (option: Option): string => {
    const takes = takenBy(option)
    if (takes === 'nothing') return ''
    if (takes === 'file') return ' -r -F'
    if (takes === 'text') return ' -x'
    return ` -x -a ${quote(typeof takes === 'string' ? `(llmroute completion ${takes} 2>/dev/null)` : takes.join(' '))}`
  }
  return [
    ...globals.map((option) => `complete -c llmroute -n __fish_use_subcommand -l ${option.long?.slice(2)}${valuesOf(option)}`),
    `complete -c llmroute -n __fish_use_subcommand -f -a help -d 'show help for a command'`,
    `complete -c llmroute -n ${quote(seen(['help']))} -f -a ${quote(namesOf(commands).join(' '))}`,
    ...commands.flatMap(({ names, summary, options, words }) => {
      const here = seen(names)
      return [
        ...names.map((name) => `complete -c llmroute -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`),
        ...options.map(
          (option) =>
            `complete -c llmroute -n ${quote(here)} -l ${option.long?.slice(2)}${option.short ? ` -s ${option.short.slice(1)}` : ''}${valuesOf(option)}`,
        ),
        ...(words.length === 0
          ? []
          : [`complete -c llmroute -n ${quote(`${here}; and not ${seen(words)}`)} -f -a ${quote(words.join(' '))}`]),
      ]
    }),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
