# The part of bench/run that reads files: doctor -f against the parsers alone. Sourced after common.sh.
# shellcheck shell=bash

readers=$root/build/release/bench-readers

files() {
  local size
  say 'files'
  size=$(stat -c %s "$work/dump.json")
  in_turn json 2 "$readers simdjson $work/dump.json" "$program doctor -f $work/dump.json"
  header "Files: one PodList in JSON, $(megabytes "$size")"
  row 'simdjson alone' json.0 "$(peak "$readers" simdjson "$work/dump.json")"
  row 'aibrixctl doctor -f' json.1 "$(peak "$program" doctor -f "$work/dump.json")"
  printf '\ndoctor reads **%s MB/s**, simdjson alone %s MB/s.\n' "$(rate "$size" json.1)" "$(rate "$size" json.0)"
  size=$(stat -c %s "$work/dump.yaml")
  in_turn yaml 1 "$readers yaml $work/dump.yaml" "$program doctor -f $work/dump.yaml --whole-cluster"
  header "Files: a dump of the cluster with 2,000 pods in YAML, $(megabytes "$size")"
  row "yaml-cpp's event parser alone" yaml.0 "$(peak "$readers" yaml "$work/dump.yaml")"
  row 'aibrixctl doctor -f --whole-cluster' yaml.1 "$(peak "$program" doctor -f "$work/dump.yaml" --whole-cluster)"
  printf "\ndoctor reads %s MB/s, **%s** of what yaml-cpp's event parser does.\n" "$(rate "$size" yaml.1)" \
    "$(ratio "$(median yaml.0)" "$(median yaml.1)")"
  in_turn start 10 "$program --version" "$program --help" "curl --version"
  header 'Start'
  row 'aibrixctl --version' start.0 "$(peak "$program" --version)"
  row 'aibrixctl --help' start.1 "$(peak "$program" --help)"
  row 'curl --version' start.2 "$(peak curl --version)"
}

rate() { jq -n "$1 / 1e6 / $(median "$2") * 10 | round / 10"; }
