/** A command as a completion script needs it. */
export interface Spelled {
  readonly name: string
  readonly summary: string
  readonly flags: readonly string[]
  /** Subcommands and fixed choices. */
  readonly words: readonly string[]
  /** What may stand after an option, where that is known. */
  readonly values: Readonly<Record<string, readonly string[]>>
}

const valued = (commands: readonly Spelled[]): readonly (readonly [place: string, words: string])[] =>
  commands.flatMap(({ name, values }) => Object.entries(values).map(([flag, words]) => [`${name} ${flag}`, words.join(' ')] as const))

const names = (commands: readonly Spelled[]): string => commands.map((command) => command.name).join(' ')
const after = ({ flags, words }: Spelled): string => [...words, ...flags, '--help'].join(' ')

/** To be read with `source`, or put into bash-completion's folder. */
export function bash(commands: readonly Spelled[]): string {
  return `_llmroute() {
  local word=\${COMP_WORDS[COMP_CWORD]} words
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${valued(commands)
  .map(([place, words]) => `    "${place}") COMPREPLY=($(compgen -W "${words}" -- "$word")); return ;;`)
  .join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map((command) => `    ${command.name}) words="${after(command)}" ;;`).join('\n')}
    *) words="" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${names(commands)} help --help --version"
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _llmroute llmroute
`
}

/** To be put into a folder of \`fpath\` as \`_llmroute\`. */
export function zsh(commands: readonly Spelled[]): string {
  return `#compdef llmroute
_llmroute() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    '${name}:${summary.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "\${words[2]} \${words[CURRENT-1]}" in
${valued(commands)
  .map(([place, words]) => `    "${place}") compadd -- ${words}; return ;;`)
  .join('\n')}
  esac
  case "\${words[2]}" in
${commands.map((command) => `    ${command.name}) compadd -- ${after(command)} ;;`).join('\n')}
  esac
  _files
}
_llmroute "$@"
`
}

/** To be put into ~/.config/fish/completions/llmroute.fish. */
export function fish(commands: readonly Spelled[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  return commands
    .flatMap(({ name, summary, flags, words, values }) => [
      `complete -c llmroute -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...flags.map((flag) => {
        const option = `complete -c llmroute -n '__fish_seen_subcommand_from ${name}' -l ${flag.replace(/^--/, '')}`
        return values[flag] === undefined ? option : `${option} -x -a ${quote(values[flag].join(' '))}`
      }),
      ...(words.length === 0 ? [] : [`complete -c llmroute -n '__fish_seen_subcommand_from ${name}' -f -a ${quote(words.join(' '))}`]),
    ])
    .map((line) => `${line}\n`)
    .join('')
}
