// The shells' completion scripts. All that they offer comes of `aibrixctl __complete WORD…`: one
// word a line with its description behind a tab, and at last ":0" for names of files, else ":4".
// kubectl asks its plugins the same way.
#include "completion.hpp"

namespace cli {

std::string bash_completion() {
  return R"script(# bash completion for aibrixctl; written by `aibrixctl completion bash`
_aibrixctl() {
  # bash also breaks words at = and :. What stood together is put together again.
  local line=${COMP_LINE:0:COMP_POINT} words=() word spaced i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    spaced=
    while [[ $line == [[:space:]]* ]]; do
      line=${line#?}
      spaced=1
    done
    word=${COMP_WORDS[i]}
    ((i == COMP_CWORD)) && word=$line
    if ((i > 0)) && [[ -z $spaced ]]; then
      words[${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    line=${line#"$word"}
  done
  local program=${words[0]/#\~/$HOME}
  [[ $(type -t "$program") == file ]] || program=aibrixctl
  # What stands before the last = or : stays where it is.
  local current=${words[${#words[@]}-1]} kept= mark
  for mark in = :; do
    [[ $COMP_WORDBREAKS == *$mark* && $current == *$mark* ]] || continue
    word=${current%"${current##*$mark}"}
    ((${#word} > ${#kept})) && kept=$word
  done
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    case $word in
    :0) compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "${current#"$kept"}")) ;;
    :*) ;;
    *) COMPREPLY+=("${word#"$kept"}") ;;
    esac
  done < <("$program" __complete "${words[@]:1}" </dev/null 2>/dev/null)
}
complete -F _aibrixctl aibrixctl
complete -F _aibrixctl kubectl-aibrix
)script";
}

std::string zsh_completion() {
  return R"script(#compdef aibrixctl kubectl-aibrix
# zsh completion for aibrixctl; written by `aibrixctl completion zsh`
_aibrixctl() {
  local program=${${(Q)words[1]}/#\~/$HOME} line word text
  local -a typed found
  typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
  whence -p -- $program >/dev/null || program=aibrixctl
  for line in "${(@f)$($program __complete "${typed[@]}" </dev/null 2>/dev/null)}"; do
    case $line in
    :0)
      compset -P 1 '--*='
      _files
      return
      ;;
    :*|'') ;;
    *)
      word=${line%%$'\t'*}
      text=${${line#$word}#$'\t'}
      found+=("${word//:/\\:}${text:+:$text}")
      ;;
    esac
  done
  _describe aibrixctl found
}

if [[ $funcstack[1] == _aibrixctl ]]; then
  _aibrixctl "$@"
else
  compdef _aibrixctl aibrixctl kubectl-aibrix
fi
)script";
}

std::string fish_completion() {
  return R"script(# fish completion for aibrixctl; written by `aibrixctl completion fish`
function __aibrixctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    type -q $program; or set program aibrixctl
    set -e words[1]
    for line in ($program __complete $words "$current" </dev/null 2>/dev/null)
        switch $line
            case :0
                __fish_complete_path (string replace -r '^--[^=]*=' '' -- "$current")
            case ':*'
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c aibrixctl -f -a '(__aibrixctl_complete)'
complete -c kubectl-aibrix -f -a '(__aibrixctl_complete)'
)script";
}

}  // namespace cli
