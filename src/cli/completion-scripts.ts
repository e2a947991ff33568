/** A command as a completion script needs it. */
export interface Spelled {
  readonly name: string
  readonly summary: string
  readonly flags: readonly string[]
  /** Subcommands and fixed choices. */
  readonly words: readonly string[]
}

const names = (commands: readonly Spelled[]): string => commands.map((command) => command.name).join(' ')
const after = ({ flags, words }: Spelled): string => [...words, ...flags, '--help'].join(' ')

/** To be read with `source`, or put into bash-completion's folder. */
export function bash(commands: readonly Spelled[]): string {
  return `_llmroute() {
  local word=\${COMP_WORDS[COMP_CWORD]} words
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
    .flatMap(({ name, summary, flags, words }) => [
      `complete -c llmroute -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...flags.map((flag) => `complete -c llmroute -n '__fish_seen_subcommand_from ${name}' -l ${flag.replace(/^--/, '')}`),
      ...(words.length === 0 ? [] : [`complete -c llmroute -n '__fish_seen_subcommand_from ${name}' -f -a ${quote(words.join(' '))}`]),
    ])
    .map((line) => `${line}\n`)
    .join('')
}
