# bash completion for aibrixctl; written by `aibrixctl completion bash`
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
