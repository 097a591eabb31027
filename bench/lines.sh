# The part of bench/run about long, narrow lines: doctor, curl and others through bench-relay. Sourced after common.sh.
# shellcheck shell=bash

relay=$root/build/release/bench-relay

# Name, round trip in ms, Mbit/s, rounds: fewer where a run takes long.
lines_measured='1 Gbit/s, 0.5 ms|0.5|1000|6
100 Mbit/s, 20 ms|20|100|4
50 Mbit/s, 50 ms|50|50|3
20 Mbit/s, 100 ms|100|20|3'

# lines TITLE NAME: on the cluster that is up
lines() {
  local title=$1 name=$2 line round_trip rate rounds_here number=0
  while IFS='|' read -r line round_trip rate rounds_here <&3; do
    say "$title: $line"
    number=$((number + 1))
    on_line "$title: $line" "$name.line$number" "$round_trip" "$rate" "${ROUNDS:-$rounds_here}"
  done 3<<<"$lines_measured"
}

start_relay() { # ROUND_TRIP_MS MBIT
  rm -f "$work/relay.out" # the last relay's port must not be taken for this one's
  "$relay" "${server##*:}" "$1" "$2" >"$work/relay.out" &
  relay_pid=$!
  until [[ -s $work/relay.out ]]; do
    kill -0 "$relay_pid" || return 1
    sleep 0.02
  done
  relay_port=$(head -n 1 "$work/relay.out")
}
stop_relay() {
  [[ -n ${relay_pid:-} ]] || return 0
  kill "$relay_pid" 2>/dev/null || true
  wait "$relay_pid" 2>/dev/null || true
  relay_pid=
}

# What passed the relay since the last time: bytes to the server, bytes to the client, connections.
passed() {
  local before
  before=$(wc -l <"$work/relay.out")
  kill -USR1 "$relay_pid"
  until (($(wc -l <"$work/relay.out") > before)); do sleep 0.02; done
  tail -n 1 "$work/relay.out"
}

on_line() { # TITLE NAME ROUND_TRIP_MS MBIT ROUNDS
  local title=$1 name=$2 rounds_here=$5 i
  # Made anew for each line: continue tokens last five minutes.
  requests >"$work/requests"
  start_relay "$3" "$4"
  local server=https://127.0.0.1:$relay_port
  sed "s|^\( *server: *\).*|\1$server|" "$cluster_config" >"$work/line.kubeconfig"
  local -x KUBECONFIG=$work/line.kubeconfig
  curl_config <"$work/requests" >"$work/line.plain"
  curl_config compressed <"$work/requests" >"$work/line.gzip"
  local labels=('curl -Z, the same URLs' 'curl -Z --compressed, the same URLs')
  local commands=("curl -sZ --config $work/line.plain" "curl -sZ --config $work/line.gzip")
  local modes=('') mode
  if "$program" options | grep -q -- '--compression'; then modes=(auto on off); fi
  for mode in "${modes[@]}"; do
    labels+=("aibrixctl doctor${mode:+ --compression $mode}")
    commands+=("$program doctor -o json${mode:+ --compression $mode}")
  done
  local ours=${#commands[@]}
  while IFS='|' read -r peer command; do
    labels+=("$peer")
    commands+=("timeout 20 $command")
  done < <(peer_commands)
  through_relay "$name" "$rounds_here" "$ours" "${commands[@]}"
  printf '\n### %s\n\n| program | median | fastest | CPU | received | sent | connections |\n| --- | --- | --- | --- | --- | --- | --- |\n' "$title"
  for i in "${!commands[@]}"; do line_row "${labels[i]}" "$name.$i"; done
  local best=0
  if jq -en "$(median "$name.1") < $(median "$name.0")" >/dev/null; then best=1; fi
  printf '\ndoctor : the faster curl = **%s** (fastest: %s)' "$(ratio "$(median "$name.2")" "$(median "$name.$best")")" \
    "$(ratio "$(fastest "$name.2")" "$(fastest "$name.$best")")"
  if ((${#modes[@]} > 1)); then
    local mine=$name.3
    if jq -en "$(median "$name.4") < $(median "$name.3")" >/dev/null; then mine=$name.4; fi
    printf '; auto : the better of on and off = **%s**' "$(ratio "$(median "$name.2")" "$(median "$mine")")"
  fi
  printf '. Where doctor spends it:\n\n'
  "$program" doctor -v -o plain 2>&1 >/dev/null | grep '^\(time\|read\): ' | sed 's/^/    /' || true
  stop_relay
}

# through_relay NAME ROUNDS OURS COMMAND...: each command once and, what took no more than 10 s, again in turn: the first OURS
# until there are ROUNDS, the rest once more, as their first run fills a cache of what the server has.
# Leaves NAME.N.json like in_turn, with what passed the relay in the last run.
through_relay() {
  local name=$1 rounds_here=$2 ours=$3 round i command sent received connections
  shift 3
  for ((round = 0; round < rounds_here; round++)); do
    i=-1
    for command in "$@"; do
      i=$((i + 1))
      if ((round > 0)) && jq -es "map(.times[0]) | min > 10" "$work/$name.$i.rounds" >/dev/null; then continue; fi
      if ((round > 1 && i >= ours)); then continue; fi
      passed >/dev/null
      hyperfine -N --style none --runs 1 --ignore-failure --export-json "$work/round.json" "$command" >/dev/null 2>&1
      read -r sent received connections < <(passed)
      if ((connections == 0 && i < ours)); then
        say "this never reached the relay: $command"
        return 1
      fi
      jq ".results[0] | {times, cpu: (.user + .system), sent: $sent, received: $received, connections: $connections}" \
        "$work/round.json" >>"$work/$name.$i.rounds"
      same_end "$name.$i" "$command"
    done
  done
  for ((i = 0; i < $#; i++)); do
    jq -s '{times: (map(.times) | add | sort), cpu: (map(.cpu) | min), sent: last.sent, received: last.received, connections: last.connections}' \
      "$work/$name.$i.rounds" >"$work/$name.$i.json"
    rm "$work/$name.$i.rounds"
  done
}

line_row() { # LABEL RESULT
  if jq -en "$(fastest "$2") >= 20" >/dev/null && [[ $1 != curl* && $1 != aibrixctl* ]]; then
    printf '| %s | over 20 s, not repeated | | | %s so far | | |\n' "$1" "$(megabytes "$(jq .received "$work/$2.json")")"
    return
  fi
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$(seconds "$(median "$2")")" "$(seconds "$(fastest "$2")")" \
    "$(seconds "$(cpu "$2")")" "$(megabytes "$(jq .received "$work/$2.json")")" "$(megabytes "$(jq .sent "$work/$2.json")")" \
    "$(jq .connections "$work/$2.json")"
}
