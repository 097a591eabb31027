# Helpers of bench/run: a cluster of a size, curl with its credentials, measuring in turn, tables.
# shellcheck shell=bash
# The sourcing script sets: root, work, program, rounds.

say() { printf 'bench: %s\n' "$*" >&2; }

# cluster MODELS PODS ADAPTERS: a fresh install, grown; sets KUBECONFIG
cluster() {
  local recording=$root/examples/healthy-cluster/cluster.yaml
  cluster_config=$("$root/tests/cluster/up" --detach)
  export KUBECONFIG=$cluster_config
  "$root/tests/cluster/load" "$recording" >/dev/null
  if (($1 > 0)); then "$work/grow" "$KUBECONFIG" "$recording" "$@"; fi
  credentials
}

cluster_down() {
  [[ -n ${cluster_config:-} ]] || return 0
  "$root/tests/cluster/down" "$cluster_config" >/dev/null 2>&1 || true
  cluster_config=
}

# The kubeconfig's login as files for curl.
credentials() {
  local pair
  server=$(entry server)
  for pair in certificate-authority:ca client-certificate:cert client-key:key; do
    entry "${pair%%:*}-data" | base64 -d >"$work/${pair##*:}.pem"
  done
}
entry() { grep -m 1 "$1:" "$KUBECONFIG" | sed 's/^[^:]*: *//; s/^"//; s/"$//'; }

# The API server indents its answers for a client that calls itself curl, which makes them twice as large.
agent=bench

get() { # PATH ACCEPT
  curl -s -A "$agent" --http2 --cacert "$work/ca.pem" --cert "$work/cert.pem" --key "$work/key.pem" -H "Accept: $2" "$server$1"
}

# Every request of a doctor, with the continue tokens of this moment, as PATH<tab>ACCEPT lines.
requests() {
  local path accept next
  while IFS=$'\t' read -r path accept; do
    next=
    while :; do
      printf '%s\t%s\n' "$path$next" "$accept"
      [[ $path == *limit=* ]] || break
      # A kind that is not served answers with text.
      next=$(get "$path$next" "$accept" | jq -r '.metadata.continue? // empty | @uri' 2>/dev/null || true)
      [[ -n $next ]] || break
      next="&continue=$next"
    done
  done < <("$program" __requests)
}

# curl's configuration for requests on stdin: one process, one HTTP/2 connection, all at once, uncompressed unless an option
# is named that asks for more: curl_config [OPTION]
curl_config() {
  local path accept more=${1:+$1'\n'}
  while IFS=$'\t' read -r path accept; do
    printf 'url = "%s%s"\nheader = "Accept: %s"\noutput = /dev/null\ncacert = "%s"\ncert = "%s"\nkey = "%s"\nuser-agent = "%s"\nhttp2\nsilent\n'"$more"'next\n' \
      "$server" "$path" "$accept" "$work/ca.pem" "$work/cert.pem" "$work/key.pem" "$agent"
  done | sed '$d'
}

# peer NAME: the program that bench/peers built, or the one on PATH; nothing when there is neither.
peer() {
  local path
  path=$(awk -F'\t' -v name="$1" '$1 == name && $3 != "-" {print $3}' "$work/peers")
  printf '%s' "${path:-$(command -v "$1" || true)}"
}

# Other programs that look at a whole cluster, as NAME|COMMAND lines, each as fast as it can be told to be:
# kubectl      pages of 500 are its default, and it asks for gzip; fewer requests in pages of 5,000 take it as long
# popeye       the kinds that doctor reads too, no file of a log; -l error leaves out what it would print otherwise
# istioctl     the cluster's own objects only; no revision to look for
# gwctl        its routes alone, since it describes each with what it belongs to
# troubleshoot a support bundle of the cluster's objects alone, no logs and no host facts; no analyzer
# k8sgpt       without AI, which is its default; its analyzers of what doctor reads, as many requests at once as cores help
peer_commands() {
  local name command label arguments
  while IFS='|' read -r name label arguments; do
    command=$(peer "$name")
    [[ -z $command ]] || printf '%s|%s %s\n' "$label" "$command" "$arguments"
  done <<LIST
kubectl|kubectl get pods -A -o json|get pods -A -o json
popeye|popeye, all namespaces, pods, deployments, services|-A -s po,dp,svc -l error -v 0 --logs none -o json --force-exit-zero
istioctl|istioctl analyze|analyze -A
k8sgpt|k8sgpt analyze, pods, deployments, services, routes|analyze --no-cache --filter Pod,Deployment,Service,HTTPRoute --max-concurrency 20
gwctl|gwctl describe, all HTTPRoutes|describe httproutes -A
kubectl|kubectl describe pods -A|describe pods -A
troubleshoot|support-bundle, cluster resources|--interactive=false --output $work/bundle.tar.gz $root/bench/troubleshoot.yaml
LIST
}

# in_turn NAME RUNS COMMAND...: each command RUNS times, and that `rounds` times over, so that what else the machine does
# meets all of them alike. Leaves NAME.N.json with all times (seconds) and the CPU time of each round.
in_turn() {
  local name=$1 runs=$2 round i
  shift 2
  for ((round = 0; round < rounds; round++)); do
    i=0
    for command in "$@"; do
      hyperfine -N --style none --warmup 1 --runs "$runs" --ignore-failure --export-json "$work/round.json" "$command" >/dev/null 2>&1
      jq '.results[0] | {times, cpu: (.user + .system)}' "$work/round.json" >>"$work/$name.$i.rounds"
      same_end "$name.$i" "$command"
      i=$((i + 1))
    done
  done
  for ((i = 0; i < $#; i++)); do
    jq -s '{times: (map(.times) | add | sort), cpu: (map(.cpu) | min)}' "$work/$name.$i.rounds" >"$work/$name.$i.json"
    rm "$work/$name.$i.rounds"
  done
}

# One run that ends otherwise than the others did something else: said, since its time counts.
same_end() { # RESULT COMMAND
  local code
  for code in $(jq '.results[0].exit_codes | unique | .[]' "$work/round.json"); do
    [[ -e $work/$1.code ]] || printf '%s\n' "$code" >"$work/$1.code"
    [[ $(<"$work/$1.code") == "$code" ]] || say "exit codes $(<"$work/$1.code") and $code of: $2"
  done
}

median() { jq '.times[(.times | length) / 2 | floor]' "$work/$1.json"; }
fastest() { jq '.times[0]' "$work/$1.json"; }
cpu() { jq '.cpu' "$work/$1.json"; }
ratio() { jq -n "$1 / $2 * 100 | round / 100"; }

# 0.0123 -> 12.3 ms; 1.234 -> 1.23 s
seconds() { jq -nr "$1 as \$t | if \$t < 1 then \"\(\$t * 10000 | round / 10) ms\" else \"\(\$t * 100 | round / 100) s\" end"; }
megabytes() { jq -nr "$1 / 1e5 | round / 10 | \"\(.) MB\""; }

# Peak memory in bytes: the least of three, as page cache and allocator only ever add.
peak() {
  local kb least=
  for _ in 1 2 3; do
    kb=$(/usr/bin/time -f %M -o "$work/peak" "$@" >/dev/null 2>&1 || true; tail -n 1 "$work/peak")
    if [[ -z $least || $kb -lt $least ]]; then least=$kb; fi
  done
  printf '%s\n' "$((least * 1024))"
}

# row NAME RESULT PEAK-BYTES [BYTES REQUESTS]
row() {
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$(seconds "$(median "$2")")" "$(seconds "$(fastest "$2")")" \
    "$(seconds "$(cpu "$2")")" "$(megabytes "$3")" "${4:+$(megabytes "$4")}" "${5:-}"
}
header() {
  printf '\n### %s\n\n| program | median | fastest | CPU | peak memory | received | requests |\n| --- | --- | --- | --- | --- | --- | --- |\n' "$1"
}
