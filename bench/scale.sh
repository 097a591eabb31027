# The part of bench/run about large clusters: whether time and memory of doctor grow with the objects, and no faster, and
# what share the checks have. Sourced after common.sh.
# shellcheck shell=bash
#
# On the fake API server of the tests, behind nghttpx for HTTP/2: it has its objects within a minute, and answers faster than
# a real one does, so that the share of the checks is the largest that it can be. REAL_SERVER=yes: on the real one.

fake=$root/build/release/tests/fake-api-server

# Models, pods, adapters.
sizes=${SIZES:-'400 10000 1000
1000 25000 2500
2000 50000 5000'}

# Limits: what doctor may take for each object at the largest size, as a multiple of that at the smallest; and the checks' share.
most_growth=1.25
most_share=0.10

scale() {
  local models pods adapters
  : >"$work/scale"
  [[ -n ${REAL_SERVER:-} ]] || {
    sh scripts/install-packages nghttp2-proxy libcpp-httplib-dev
    cmake --build --preset release --target fake-api-server >/dev/null
  }
  while read -r models pods adapters <&4; do
    say "scale: $pods pods"
    if [[ -n ${REAL_SERVER:-} ]]; then cluster "$models" "$pods" "$adapters"; else fake_cluster "$models" "$pods" "$adapters"; fi
    in_turn "scale$pods" 2 "$program doctor -o json"
    one_size "$models" "$pods" "$adapters" >>"$work/scale"
    fake_down
    cluster_down
  done 4<<<"$sizes"
  printf '\n### Scale\n\n| cluster | median | fastest | CPU | peak memory | received | checks | their share |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n'
  while IFS=$'\t' read -r title name bytes memory checks share _; do
    printf '| %s | %s | %s | %s | %s | %s | %s | %s %% |\n' "$title" "$(seconds "$(median "$name")")" "$(seconds "$(fastest "$name")")" \
      "$(seconds "$(cpu "$name")")" "$(megabytes "$memory")" "$(megabytes "$bytes")" "$(seconds "$checks")" \
      "$(jq -n "$share * 1000 | round / 10")"
  done <"$work/scale"
  verdict
}

fake_cluster() { # MODELS PODS ADAPTERS
  local recording=$root/examples/healthy-cluster/cluster.yaml
  rm -rf "$work/fake" && mkdir "$work/fake"
  "$work/grow" write "$work/fake/dump" "$recording" "$@"
  cp "$recording" "$work/fake/dump"
  "$fake" --http2 "$work/fake/kubeconfig" "$work/fake/dump" >"$work/fake/ready" &
  fake_pid=$!
  until [[ -s $work/fake/ready ]]; do
    kill -0 "$fake_pid" || return 1
    sleep 0.1
  done
  rm -rf "$work/fake/dump"
  export KUBECONFIG=$work/fake/kubeconfig
}
fake_down() {
  [[ -n ${fake_pid:-} ]] || return 0
  kill "$fake_pid" 2>/dev/null || true
  wait "$fake_pid" 2>/dev/null || true
  fake_pid=
}

# The checks of the calmest of five runs: TITLE NAME BYTES MEMORY CHECKS SHARE PODS, between tabs
one_size() {
  local run
  for run in 1 2 3 4 5; do "$program" doctor -o json 2>/dev/null | jq .run >"$work/scale.$run.json"; done
  jq -rs --arg title "$2 pods, $1 models, $3 adapters" --arg name "scale$2.0" --argjson memory "$(peak "$program" doctor -o json)" \
    --argjson pods "$2" 'min_by(.timing.checksMs) |
      [$title, $name, .bytes, $memory, .timing.checksMs / 1000, .timing.checksMs / .durationMs, $pods] | @tsv' "$work"/scale.[1-5].json
}

# Growth by CPU and memory, since the wall time also holds what the server and the machine do.
verdict() {
  local first last times name memory checks share pods first_name first_memory first_checks first_pods
  first=$(head -n 1 "$work/scale") last=$(tail -n 1 "$work/scale")
  IFS=$'\t' read -r _ first_name _ first_memory first_checks _ first_pods <<<"$first"
  IFS=$'\t' read -r _ name _ memory checks share pods <<<"$last"
  times=$(ratio "$pods" "$first_pods")
  printf '\n%s times the pods take **%s** times the CPU, %s times the memory and %s times the checks.\n' "$times" \
    "$(ratio "$(cpu "$name")" "$(cpu "$first_name")")" "$(ratio "$memory" "$first_memory")" "$(ratio "$checks" "$first_checks")"
  jq -en "[$(cpu "$name") / $(cpu "$first_name"), $memory / $first_memory, $checks / $first_checks | . / $times <= $most_growth] + [$share <= $most_share] | all" \
    >/dev/null || {
    say "scale: more than $most_growth of linear, or the checks more than $most_share of the run; see the table"
    failed=yes
  }
}
