# The part of bench/run about live clusters on the same machine. Sourced after common.sh.
# shellcheck shell=bash

figure() { "$program" doctor -o json 2>/dev/null | jq ".run.$1"; }

# live TITLE NAME RUNS: doctor and curl on the cluster that is up
live() {
  local title=$1 name=$2 runs=$3 bytes
  requests >"$work/requests"
  curl_config <"$work/requests" >"$work/curl.config"
  bytes=$(curl -sZ --config <(sed 's/^silent$/silent\nwrite-out = "%{size_download} %{num_connects} %{http_code}\\n"/' "$work/curl.config") 2>/dev/null |
    awk '{bytes += $1; connects += $2; if ($3 == 410) old++} END {if (connects != 1 || old) exit 1; print bytes}') || {
    say "curl used more than one connection, or a continue token is too old"
    return 1
  }
  in_turn "$name" "$runs" "curl -sZ --config $work/curl.config" "$program doctor -o json"
  header "$title"
  row 'curl -Z, the same URLs' "$name.0" "$(peak curl -sZ --config "$work/curl.config")" "$bytes" "$(wc -l <"$work/requests")"
  row 'aibrixctl doctor' "$name.1" "$(peak "$program" doctor -o json)" "$(figure bytes)" "$(figure requests)"
  others "$name"
  printf '\ndoctor : curl = **%s** (fastest: %s, CPU: %s). Where doctor spends it:\n\n' "$(ratio "$(median "$name.1")" "$(median "$name.0")")" \
    "$(ratio "$(fastest "$name.1")" "$(fastest "$name.0")")" "$(ratio "$(cpu "$name.1")" "$(cpu "$name.0")")"
  "$program" doctor -v -o plain 2>&1 >/dev/null | grep '^\(time\|read\): ' | sed 's/^/    /'
  [[ $("$program" doctor -o json 2>/dev/null | jq .summary.error) == 0 ]] || say "$title: doctor reports errors on a healthy cluster"
}

# Other programs that look at a whole cluster: what takes over 20 s is not repeated.
others() {
  local line command code
  while IFS='|' read -r line command <&3; do
    code=0
    # shellcheck disable=SC2086 # words are meant to be split
    timeout 20 $command >/dev/null 2>&1 || code=$?
    if ((code == 124)); then
      printf '| %s | over 20 s, not repeated | | | | | |\n' "$line"
      continue
    fi
    rounds=2 in_turn "$1.other" 2 "$command"
    # shellcheck disable=SC2086 # words are meant to be split
    row "$line" "$1.other.0" "$(peak $command)"
  done 3< <(peer_commands)
}

# What keeps a namespace: every kind, one kubectl each, against the checks on deletion.
namespace() {
  local kubectl
  kubectl=$(peer kubectl)
  local one_liner="sh -c '$kubectl api-resources --verbs=list --namespaced -o name | xargs -n 1 $kubectl get --show-kind --ignore-not-found -n team-a'"
  if [[ -z $kubectl ]]; then
    say 'no kubectl: what blocks a namespace is not measured'
    return
  fi
  rounds=2 in_turn namespace 2 "$one_liner" "$program doctor --only deletion -n team-a"
  header 'What blocks a namespace (fresh install)'
  row 'kubectl api-resources, xargs kubectl get' namespace.0 "$(eval "peak $one_liner")"
  row 'aibrixctl doctor --only deletion -n team-a' namespace.1 "$(peak "$program" doctor --only deletion -n team-a)"
  printf '\nkubectl : doctor = **%s**\n' "$(ratio "$(median namespace.0)" "$(median namespace.1)")"
}

without_pages() { jq -n "$(figure requests) - $(grep -c 'continue=' "$work/requests" || true)"; }
