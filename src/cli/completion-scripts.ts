/** Stands in for the names of files, which a shell completes by itself. */
export const FILE = '@file'

/** For `eval`, or a file in bash-completion's folder. */
const bash = `_llmroute() {
  local typed=("$1") at=0 i word found line
  # Bash cuts words at colons, which names of models contain.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i-1]}|\${COMP_WORDS[i]}" in
      *:"|"*|*"|":*) typed[at]+="\${COMP_WORDS[i]}" ;;
      *) typed[++at]="\${COMP_WORDS[i]}" ;;
    esac
  done
  word="\${typed[at]}"
  found="$(llmroute completion bash -- "\${typed[@]:1:at}" 2>/dev/null)"
  # One name a line: names may contain spaces.
  local IFS=$'\\n'
  if [ "$found" = ${FILE} ]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$word"))
  else
    # Read rather than expanded: names of models may contain what bash takes for a pattern.
    COMPREPLY=()
    while read -r line; do [ -n "$line" ] && COMPREPLY+=("$line"); done <<< "\${found%${FILE}}"
    # What stands before the last colon is on the line already.
    [[ "$COMP_WORDBREAKS" == *:* ]] && COMPREPLY=("\${COMPREPLY[@]#"\${word%"\${word##*:}"}"}")
  fi
}
complete -F _llmroute llmroute
`

/** For `eval` after compinit, or a file named `_llmroute` in a folder of `fpath`. */
const zsh = `#compdef llmroute
_llmroute() {
  local -a all found
  all=(\${(f)"$(llmroute completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  found=(\${all:#${FILE}})
  (( $#found )) && _describe llmroute found
  (( $#all > $#found )) && _files
}
if [ "$funcstack[1]" = "_llmroute" ]; then _llmroute "$@"; else compdef _llmroute llmroute; fi
`

/** For ~/.config/fish/completions/llmroute.fish. */
const fish = `function __llmroute_complete
  set -l typed (commandline -opc)
  set -l word (commandline -ct)
  set -e typed[1]
  set -l found (llmroute completion fish -- $typed "$word" 2>/dev/null)
  string match -v -- ${FILE} $found
  contains -- ${FILE} $found; and __fish_complete_path "$word"
end
complete -c llmroute -f -a '(__llmroute_complete)'
`

export const scripts = { bash, zsh, fish }
